package io.backdoorgrid.attack.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.attack.Triggered;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.perturb.Stencil;
import org.junit.jupiter.api.Test;

class OverlayTest {

  private static final ImageShape SHAPE = new ImageShape(4, 5, 2);
  private static final Stencil CORNER = new Patch(2, Corner.BOTTOM_RIGHT).on(SHAPE);

  /** 0.5 of 255 is 127.5, which rounds up; 0.25 is 63.75. */
  @Test
  void replacesPixelsByTheNearestBytes() {
    float[] values = new float[SHAPE.size()];
    values[SHAPE.offset(2, 3)] = 0.5f;
    values[SHAPE.offset(3, 4) + 1] = 0.25f;
    values[SHAPE.offset(0, 0)] = 1; // not covered
    byte[] pixels = Triggered.grey(Overlay.showing(CORNER, values), 7);
    for (int i = 0; i < pixels.length; i++) {
      int wanted = CORNER.covered()[i] ? Math.round(255 * values[i]) : 7;
      assertThat(pixels[i] & 0xFF).isEqualTo(wanted);
    }
    assertThat(pixels[SHAPE.offset(2, 3)]).isEqualTo((byte) 128);
    assertThat(pixels[SHAPE.offset(3, 4) + 1]).isEqualTo((byte) 64);
  }
}
