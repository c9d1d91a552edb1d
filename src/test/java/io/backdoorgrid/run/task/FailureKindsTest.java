package io.backdoorgrid.run.task;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.EngineException;
import io.backdoorgrid.data.BadDataException;
import io.backdoorgrid.store.Failure.Kind;
import io.backdoorgrid.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class FailureKindsTest {

  private static final String TRACEBACK =
      """
      The following operation failed in the TorchScript interpreter.
      Traceback of TorchScript (most recent call last):
        File "code/__torch__.py", line 20, in conv
      RuntimeError: [enforce fail at alloc_cpu.cpp:118] DefaultCPUAllocator: can't allocate memory
      """;

  @Test
  void whatTheStoreCannotDoMayPassElsewhere() {
    assertThat(FailureKinds.mayPass(new StoreException("gone", true))).isTrue();
    assertThat(FailureKinds.mayPass(new BadDataException("truncated"))).isFalse();
    assertThat(FailureKinds.mayPass(new OutOfMemoryError())).isFalse();
    assertThat(FailureKinds.mayPass(new IllegalStateException())).isFalse();
  }

  @Test
  void recognisesMemoryInJavaAndInLibtorch() {
    assertThat(FailureKinds.of(new OutOfMemoryError())).isEqualTo(Kind.OUT_OF_MEMORY);
    assertThat(FailureKinds.of(new EngineException(TRACEBACK))).isEqualTo(Kind.OUT_OF_MEMORY);
    assertThat(FailureKinds.of(new EngineException("CUDA out of memory.")))
        .isEqualTo(Kind.OUT_OF_MEMORY);
    assertThat(FailureKinds.of(new IllegalArgumentException("k is 99"))).isEqualTo(Kind.INVALID);
    assertThat(FailureKinds.of(new IllegalStateException())).isEqualTo(Kind.OTHER);
  }

  @Test
  void recognisesWhatTheMachineCaused() {
    var full = new UncheckedIOException(new IOException("No space left on device"));
    assertThat(FailureKinds.of(full)).isEqualTo(Kind.ENVIRONMENT);
    assertThat(FailureKinds.of(new IllegalStateException("a wrapper", full)))
        .isEqualTo(Kind.ENVIRONMENT);
    assertThat(FailureKinds.of(new EngineException("CUDA error: unspecified launch failure")))
        .isEqualTo(Kind.ENVIRONMENT);
    assertThat(FailureKinds.of(new EngineException("shape mismatch"))).isEqualTo(Kind.OTHER);
    assertThat(FailureKinds.of(new BadDataException("short", new IOException("end of file"))))
        .isEqualTo(Kind.BAD_DATA);
  }

  @Test
  void tellsTheReasonNotThePlaceInTheScript() {
    assertThat(FailureKinds.message(new EngineException(TRACEBACK)))
        .isEqualTo(
            "RuntimeError: [enforce fail at alloc_cpu.cpp:118] DefaultCPUAllocator: can't allocate"
                + " memory");
    assertThat(FailureKinds.message(new IllegalStateException("first\nsecond"))).isEqualTo("first");
    assertThat(FailureKinds.message(new NullPointerException()))
        .isEqualTo("java.lang.NullPointerException");
  }
}
