package io.backdoorgrid.attack.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.attack.Triggered;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.perturb.Stencil;
import io.backdoorgrid.torch.SafeTensors;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OverlayTest {

  private static final ImageShape SHAPE = new ImageShape(1, 2, 1);

  private static final ImageShape IMAGE = new ImageShape(4, 5, 2);
  private static final Stencil CORNER = new Patch(2, Corner.BOTTOM_RIGHT).on(IMAGE);

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

  /** 0.5 of 255 is 127.5, which rounds up; 0.25 is 63.75. */
  @Test
  void replacesPixelsByTheNearestBytes() {
    float[] values = new float[IMAGE.size()];
    values[IMAGE.offset(2, 3)] = 0.5f;
    values[IMAGE.offset(3, 4) + 1] = 0.25f;
    values[IMAGE.offset(0, 0)] = 1; // not covered
    byte[] pixels = Triggered.grey(Overlay.showing(CORNER, values), 7);
    for (int i = 0; i < pixels.length; i++) {
      int wanted = CORNER.covered()[i] ? Math.round(255 * values[i]) : 7;
      assertThat(pixels[i] & 0xFF).isEqualTo(wanted);
    }
    assertThat(pixels[IMAGE.offset(2, 3)]).isEqualTo((byte) 128);
    assertThat(pixels[IMAGE.offset(3, 4) + 1]).isEqualTo((byte) 64);
  }
}
