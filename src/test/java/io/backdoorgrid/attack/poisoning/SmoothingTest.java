package io.backdoorgrid.attack.poisoning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.data.ImageShape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SmoothingTest {

  private static final ImageShape SHAPE = new ImageShape(32, 32, 2);

  /**
   * In the corners, 16 of 30 taps per axis see the image, 0.5 and the largest, 0.0671, or 15: the
   * squares of 0.5671 and 0.5.
   */
  @Test
  void fadesTowardsTheEdges() {
    float[] ones = new float[SHAPE.size()];
    Arrays.fill(ones, 1);
    float[] smooth = new Smoothing(30).apply(SHAPE, ones);
    assertThat(smooth[SHAPE.offset(15, 15)]).isCloseTo(1, within(1e-6f));
    assertThat(smooth[SHAPE.offset(0, 0)]).isCloseTo(0.3216f, within(5e-5f));
    assertThat(smooth[SHAPE.offset(31, 31)]).isCloseTo(0.25f, within(1e-6f));
  }

  /** Weights e^-(25/18), 1, e^-(25/18) over their sum, 1.4987: 0.1664 and 0.6672. */
  @Test
  void spreadsAPointOverItsNeighboursOfTheSameChannel() {
    var shape = new ImageShape(3, 3, 2);
    float[] point = new float[18];
    point[shape.offset(1, 1) + 1] = 1;
    float[] smooth = new Smoothing(3).apply(shape, point);
    assertThat(smooth[shape.offset(1, 1) + 1]).isCloseTo(0.4452f, within(1e-4f));
    assertThat(smooth[shape.offset(1, 0) + 1]).isCloseTo(0.1110f, within(1e-4f));
    assertThat(smooth[shape.offset(0, 1) + 1]).isCloseTo(0.1110f, within(1e-4f));
    assertThat(smooth[shape.offset(2, 2) + 1]).isCloseTo(0.0277f, within(1e-4f));
    for (int i = 0; i < 18; i += 2) {
      assertThat(smooth[i]).isZero();
    }
  }

  @Test
  void changesNothingWithOneTap() {
    float[] values = {1, -2, 3, 4};
    assertThat(new Smoothing(1).apply(new ImageShape(2, 2, 1), values)).isEqualTo(values);
  }
}
