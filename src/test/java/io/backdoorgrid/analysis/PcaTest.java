package io.backdoorgrid.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PcaTest {

  /**
   * (3, 4) times t around a center: one direction holds everything, 5 t along it, up to its sign.
   */
  @Test
  void findsTheLineOnWhichPointsLie() {
    double[][] points = new double[5][];
    for (int t = -2; t <= 2; t++) {
      points[t + 2] = new double[] {10 + 3 * t, -7 + 4 * t};
    }
    double[][] reduced = Pca.reduce(points, 1);
    double sign = Math.signum(reduced[4][0]);
    for (int t = -2; t <= 2; t++) {
      assertThat(sign * reduced[t + 2][0]).isCloseTo(5 * t, within(1e-9));
    }
  }

  /** Deviations 1, 9 and 3: the second comes first, then the third. */
  @Test
  void keepsTheDirectionsOfLargestVariance() {
    double[][] points = {{1, 0, 0}, {-1, 0, 0}, {0, 9, 0}, {0, -9, 0}, {0, 0, 3}, {0, 0, -3}};
    double[][] reduced = Pca.reduce(points, 2);
    assertThat(Math.abs(reduced[2][0])).isCloseTo(9, within(1e-9));
    assertThat(Math.abs(reduced[4][1])).isCloseTo(3, within(1e-9));
    assertThat(reduced[0]).containsExactly(new double[] {0, 0}, within(1e-9));
  }

  @Test
  void keepsDistancesWherePointsAreFewerThanDimensions() {
    var random = new Random(2);
    double[][] points = new double[8][64];
    for (double[] point : points) {
      for (int j = 0; j < point.length; j++) {
        point[j] = random.nextGaussian();
      }
    }
    double[][] reduced = Pca.reduce(points, 50);
    assertThat(reduced[0]).hasSize(50);
    assertThat(distance(reduced[1], reduced[6]))
        .isCloseTo(distance(points[1], points[6]), within(1e-9));
  }

  @Test
  void leavesPointsOfFewDimensionsAlone() {
    double[][] points = {{1, 2}, {3, 4}};
    assertThat(Pca.reduce(points, 2)).isSameAs(points);
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += (a[j] - b[j]) * (a[j] - b[j]);
    }
    return Math.sqrt(sum);
  }
}
