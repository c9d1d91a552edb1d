package io.backdoorgrid.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import org.junit.jupiter.api.Test;

class PrecisionTest {

  @Test
  void isWhatItsNameSays() {
    assertThat(Precision.of("float32", Device.gpu())).isEqualTo(Precision.FLOAT32);
    assertThat(Precision.of("bfloat16", Device.cpu())).isEqualTo(Precision.BFLOAT16);
    assertThat(Precision.BFLOAT16).hasToString("bfloat16");
  }

  @Test
  void isBfloat16OnAGpuIfNotToldOtherwise() {
    assertThat(Precision.of("auto", Device.gpu())).isEqualTo(Precision.BFLOAT16);
  }

  @Test
  void refusesOtherNames() {
    assertThatThrownBy(() -> Precision.of("float16", Device.cpu()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("precision must be auto, float32 or bfloat16, got 'float16'");
  }
}
