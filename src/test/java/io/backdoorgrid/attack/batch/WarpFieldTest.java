package io.backdoorgrid.attack.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import org.junit.jupiter.api.Test;

class WarpFieldTest {

  private static final ImageShape CIFAR = new ImageShape(32, 32, 3);

  /** Cubic interpolation gives every point a total weight of 1; at a grid point, all of it. */
  @Test
  void weighsGridPointsAsPyTorchDoes() {
    double[][] weights = WarpField.weights(32, 4);
    for (double[] row : weights) {
      assertThat(row[0] + row[1] + row[2] + row[3]).isCloseTo(1, within(1e-12));
    }
    assertThat(weights[0]).containsExactly(1, 0, 0, 0);
    assertThat(weights[31]).containsExactly(0, 0, 0, 1);
    assertThat(weights[5])
        .containsExactly(new double[] {0.518143, 0.572488, -0.090631, 0}, within(1e-6));
  }

  /** Computed by PyTorch's interpolate and grid_sample from the same small grid. */
  @Test
  void sendsPixelsWhereTheReferenceSendsThem() {
    float[] places = WarpField.places(CIFAR, golden(), 0.5, 1);
    assertPlace(places, 15, 16, 15.9024f, 14.83464f);
    assertPlace(places, 31, 31, 30.82386f, 31);
    assertPlace(places, 7, 20, 20.17412f, 6.67037f);
    assertPlace(places, 0, 0, 0, 0);
  }

  /** For four points at half strength, about a fifth of a pixel, and never much more than half. */
  @Test
  void movesPixelsByLittle() {
    float[] places = ((Warp) new WaNet().trigger(CIFAR, new Seed("a1").stream("t"))).places();
    double sum = 0;
    double most = 0;
    for (int i = 0; i < places.length; i++) {
      int here = i % 2 == 0 ? i / 2 % 32 : i / 64;
      sum += Math.abs(places[i] - here);
      most = Math.max(most, Math.abs(places[i] - here));
    }
    assertThat(sum / places.length).isBetween(0.1, 0.3);
    assertThat(most).isBetween(0.3, 1.0);
  }

  /** One 32nd of half the width, 31 / 64 = 0.484, and never beyond the image. */
  @Test
  void jittersByHalfAPixelAtMost() {
    float[] places = WarpField.places(CIFAR, golden(), 0.5, 1);
    float[] jittered = WarpField.jittered(CIFAR, places, new Seed("a1").stream("jitter"));
    double most = 0;
    for (int i = 0; i < places.length; i++) {
      most = Math.max(most, Math.abs(jittered[i] - places[i]));
      assertThat(jittered[i]).isBetween(0f, 31f);
    }
    assertThat(most).isBetween(0.4, 0.4844);
  }

  private static void assertPlace(float[] places, int row, int column, float x, float y) {
    int at = 2 * (row * 32 + column);
    assertThat(places[at]).isCloseTo(x, within(1e-4f));
    assertThat(places[at + 1]).isCloseTo(y, within(1e-4f));
  }

  /** ((3c + 5a + 7b) mod 11 - 5) / 5 at row a and column b of direction c; mean size 0.55. */
  private static double[][] golden() {
    double[][] shifts = new double[2][16];
    for (int c = 0; c < 2; c++) {
      for (int a = 0; a < 4; a++) {
        for (int b = 0; b < 4; b++) {
          shifts[c][4 * a + b] = ((3 * c + 5 * a + 7 * b) % 11 - 5) / 5.0;
        }
      }
    }
    return shifts;
  }
}
