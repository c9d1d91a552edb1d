package io.backdoorgrid.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.pytorch.jni.JniUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

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
  void setsTheThreadsOfOperators() {
    Torch.prepareThread(2);
    assertThat(JniUtils.getNumThreads()).isEqualTo(2);
    Torch.prepareThread(1);
    assertThat(JniUtils.getNumThreads()).isEqualTo(1);
  }

  @Test
  void tellsVersions() {
    assertThat(Torch.version()).matches("\\d+\\.\\d+\\.\\d+");
    assertThat(Torch.djlVersion()).matches("\\d+\\.\\d+\\.\\d+.*");
  }
}
