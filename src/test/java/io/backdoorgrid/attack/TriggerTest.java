package io.backdoorgrid.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.attack.trigger.Overlay;
import io.backdoorgrid.attack.trigger.Shift;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.torch.SafeTensors;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TriggerTest {

  private static final ImageShape SHAPE = new ImageShape(1, 2, 1);

  private final Overlay trigger =
      new Overlay(SHAPE, new float[] {0.25f, 0}, new float[] {200, 255});

  /** 100 + (200 - 100) / 4 = 125; at opacity 0 nothing happens. */
  @Test
  void changesOnlyTheImageAtItsOffset() {
    byte[] pixels = {100, 100, 100, 100, 100, 100};
    trigger.apply(pixels, 2);
    assertThat(pixels).containsExactly(100, 100, 125, 100, 100, 100);
  }

  @Test
  void staysOnTheScaleWhateverThePattern() {
    var wild = new Overlay(SHAPE, new float[] {1, 1}, new float[] {-50, 300});
    assertThat(Triggered.grey(wild, 100)).containsExactly(0, 255);
  }

  @Test
  void comesBackFromTheStoreAsItWas() {
    byte[] stored = trigger.toTensors().toBytes();
    var read = Overlay.of(SHAPE, SafeTensors.parse(stored));
    assertThat(read.opacity()).containsExactly(0.25f, 0);
    assertThat(read.pattern()).containsExactly(200, 255);
    assertThat(trigger.toTensors().tensors().keySet()).containsExactly("opacity", "pattern");
  }

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
    var shift = new Shift(SHAPE, new float[] {60, -30});
    byte[] stored = shift.toTensors().toBytes();
    var read = Shift.of(SHAPE, SafeTensors.parse(stored));
    assertThat(read.shift()).containsExactly(60, -30);
    assertThatThrownBy(() -> new Shift(SHAPE, new float[3]))
        .hasMessage("a shift must have the shape 1x2x1");
  }

  @Test
  void refusesStoredTensorsThatDoNotFit() {
    Map<String, SafeTensors.Tensor> tensors = new LinkedHashMap<>(trigger.toTensors().tensors());
    assertThatThrownBy(() -> Overlay.of(new ImageShape(2, 1, 1), new SafeTensors(tensors)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the stored trigger's opacity has shape [1, 2, 1], the images 2x1x1");
    tensors.remove("pattern");
    assertThatThrownBy(() -> Overlay.of(SHAPE, new SafeTensors(tensors)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the stored trigger has no 'pattern'");
  }

  @Test
  void refusesValuesThatAreNoImage() {
    assertThatThrownBy(() -> new Overlay(SHAPE, new float[2], new float[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("opacity and pattern must have the shape 1x2x1");
  }
}
