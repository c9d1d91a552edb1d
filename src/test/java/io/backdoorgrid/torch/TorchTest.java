package io.backdoorgrid.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
  void stopsRecordingAfterAFailure() {
    assertThatThrownBy(
            () ->
                Torch.recording(
                    () -> {
                      throw new IllegalStateException("stop");
                    }))
        .hasMessage("stop");
    assertThat(JniUtils.isGradMode()).isFalse();
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
