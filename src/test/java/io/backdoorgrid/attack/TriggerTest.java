package io.backdoorgrid.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.torch.SafeTensors;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TriggerTest {

  private static final ImageShape SHAPE = new ImageShape(1, 2, 1);

  private final Trigger trigger =
      new Trigger(SHAPE, new float[] {0.25f, 0}, new float[] {200, 255});

  /** 100 + (200 - 100) / 4 = 125; at opacity 0 nothing happens. */
  @Test
  void changesOnlyTheImageAtItsOffset() {
    byte[] pixels = {100, 100, 100, 100, 100, 100};
    trigger.apply(pixels, 2);
    assertThat(pixels).containsExactly(100, 100, 125, 100, 100, 100);
  }

  @Test
  void staysOnTheScaleWhateverThePattern() {
    var wild = new Trigger(SHAPE, new float[] {1, 1}, new float[] {-50, 300});
    assertThat(Triggered.grey(wild, 100)).containsExactly(0, 255);
  }

  @Test
  void comesBackFromTheStoreAsItWas() {
    byte[] stored = trigger.toTensors().toBytes();
    Trigger read = Trigger.of(SHAPE, SafeTensors.parse(stored));
    assertThat(read.opacity()).containsExactly(0.25f, 0);
    assertThat(read.pattern()).containsExactly(200, 255);
    assertThat(trigger.toTensors().tensors().keySet()).containsExactly("opacity", "pattern");
  }

  @Test
  void refusesStoredTensorsThatDoNotFit() {
    Map<String, SafeTensors.Tensor> tensors = new LinkedHashMap<>(trigger.toTensors().tensors());
    assertThatThrownBy(() -> Trigger.of(new ImageShape(2, 1, 1), new SafeTensors(tensors)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the stored trigger's opacity has shape [1, 2, 1], the images 2x1x1");
    tensors.remove("pattern");
    assertThatThrownBy(() -> Trigger.of(SHAPE, new SafeTensors(tensors)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the stored trigger has no 'pattern'");
  }

  @Test
  void refusesValuesThatAreNoImage() {
    assertThatThrownBy(() -> new Trigger(SHAPE, new float[2], new float[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("opacity and pattern must have the shape 1x2x1");
  }
}
