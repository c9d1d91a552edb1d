package io.backdoorgrid.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TorchThread.class)
class TorchTest {

  @Test
  void recordsGradientsOnlyWhereAskedTo() {
    assertThat(JniUtils.isGradMode()).isFalse();
    assertThat(Torch.recording(JniUtils::isGradMode)).isTrue();
    assertThat(JniUtils.isGradMode()).isFalse();
  }

  @Test
  void goesOnRecordingAfterARecordingInside() {
    boolean after =
        Torch.recording(
            () -> {
              Torch.recording(() -> 1);
              return JniUtils.isGradMode();
            });
    assertThat(after).isTrue();
    assertThat(JniUtils.isGradMode()).isFalse();
  }

  @Test
  void interruptsARecording() {
    List<Boolean> modes =
        Torch.recording(
            () ->
                List.of(
                    Torch.withoutRecording(JniUtils::isGradMode),
                    Torch.withoutRecording(() -> Torch.recording(JniUtils::isGradMode)),
                    JniUtils.isGradMode()));
    assertThat(modes).containsExactly(false, true, true);
  }

  /** x times x as a constant: the slope at 3 is 3, not 6. */
  @Test
  void letsNoGradientThroughWhatIsNotRecorded() {
    try (NDManager manager = Torch.newManager(Device.cpu())) {
      NDArray x = manager.create(3f);
      x.setRequiresGradient(true);
      NDArray product =
          Torch.recording(() -> x.mul(Torch.withoutRecording(() -> Ops.scaled(x, 1))));
      assertThat(product.getFloat()).isEqualTo(9);
      assertThat(Ops.gradients(product, List.of(x)).get(0).getFloat()).isEqualTo(3);
    }
  }

  @Test
  void restoresTheModeAfterAFailure() {
    Supplier<Boolean> failing =
        () -> {
          throw new IllegalStateException("stop");
        };
    assertThatThrownBy(() -> Torch.recording(failing)).hasMessage("stop");
    assertThat(JniUtils.isGradMode()).isFalse();
    boolean after =
        Torch.recording(
            () -> {
              assertThatThrownBy(() -> Torch.withoutRecording(failing)).hasMessage("stop");
              return JniUtils.isGradMode();
            });
    assertThat(after).isTrue();
  }

  @Test
  void tellsTheVersionOfAnInstalledLibtorch(@TempDir Path folder) throws IOException {
    Path libraries = folder.resolve("lib");
    assertThat(Torch.versionBeside(libraries)).isEmpty();
    Files.writeString(folder.resolve("build-version"), "2.7.1+cu128\n");
    assertThat(Torch.versionBeside(libraries)).contains("2.7.1+cu128");
  }

  @Test
  void setsTheThreadsOfOperators() {
    Torch.prepareThread(2);
    assertThat(JniUtils.getNumThreads()).isEqualTo(2);
    Torch.prepareThread(1);
    assertThat(JniUtils.getNumThreads()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void doesPiecesOnOneCoreEach(int threads) {
    Torch.prepareThread(threads);
    var cores = new int[5];
    try {
      Torch.sideBySide(Device.cpu(), 5, i -> cores[i] = JniUtils.getNumThreads());
      assertThat(JniUtils.getNumThreads()).isEqualTo(threads);
    } finally {
      Torch.prepareThread(1);
    }
    assertThat(cores).containsOnly(1);
  }

  /** Each of two pieces waits for the other: one after the other, they would never end. */
  @Test
  @Timeout(10)
  void doesAsManyPiecesAtOnceAsThereAreCores() {
    Torch.prepareThread(2);
    var both = new CyclicBarrier(2);
    try {
      Torch.sideBySide(Device.cpu(), 2, i -> meet(both));
    } finally {
      Torch.prepareThread(1);
    }
    assertThat(both.isBroken()).isFalse();
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(5, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void endsAllPiecesBeforeItThrowsWhatOneThrew() {
    var ended = new AtomicInteger();
    assertThatThrownBy(
            () ->
                Torch.sideBySide(
                    Device.cpu(),
                    3,
                    i -> {
                      ended.incrementAndGet();
                      if (i == 0) {
                        throw new IllegalArgumentException("piece 0");
                      }
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("piece 0");
    assertThat(ended).hasValue(3);
  }

  @Test
  void tellsVersions() {
    assertThat(Torch.version()).matches("\\d+\\.\\d+\\.\\d+");
    assertThat(Torch.djlVersion()).matches("\\d+\\.\\d+\\.\\d+.*");
  }
}
