package io.backdoorgrid.attack.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.torch.SafeTensors;
import org.junit.jupiter.api.Test;

class ShiftTest {

  /** 200 + 60 and 20 - 30 are beyond the scale; 99.9 loses its fraction. */
  @Test
  void addsAShiftAndNeverWraps() {
    var shift = new Shift(new ImageShape(1, 3, 1), new float[] {60, -30, -0.1f});
    byte[] pixels = {(byte) 200, 20, 100};
    shift.apply(pixels, 0);
    assertThat(pixels).containsExactly(255, 0, 99);
  }

  @Test
  void storesAShift() {
    var shift = new Shift(new ImageShape(1, 2, 1), new float[] {60, -30});
    byte[] stored = shift.toTensors().toBytes();
    var read = Shift.of(new ImageShape(1, 2, 1), SafeTensors.parse(stored));
    assertThat(read.shift()).containsExactly(60, -30);
    assertThatThrownBy(() -> new Shift(new ImageShape(1, 2, 1), new float[3]))
        .hasMessage("a shift must have the shape 1x2x1");
  }
}
