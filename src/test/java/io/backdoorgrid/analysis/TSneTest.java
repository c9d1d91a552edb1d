package io.backdoorgrid.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TSneTest {

  private static final int HALF = 40;

  /** Two Gaussian clusters in five dimensions, that many deviations apart. */
  private static double[][] clusters(double distance) {
    var random = new Random(1);
    double[][] points = new double[2 * HALF][5];
    for (int i = 0; i < points.length; i++) {
      for (int c = 0; c < 5; c++) {
        points[i][c] = random.nextGaussian();
      }
      points[i][0] += i < HALF ? 0 : distance;
    }
    return points;
  }

  /** So many points around the others, in effect: the exponential of each row's entropy. */
  @Test
  void affinitiesAreAProbability() {
    double[][] p = Affinities.of(clusters(3), 10);
    double sum = 0;
    for (double[] row : p) {
      assertThat(row).doesNotContain(Double.NaN);
      sum += 2 * Arrays.stream(row).sum();
    }
    assertThat(sum).isCloseTo(1, within(1e-12));
  }

  /**
   * 0, 1 and 3 on a line with a perplexity of 2, that is, both others alike: every p_j|i is 1/2,
   * and every p_ij (1/2 + 1/2) / 6.
   */
  @Test
  void spreadsOverAllNeighboursAtTheLargestPerplexity() {
    double[][] p = Affinities.of(new double[][] {{0}, {1}, {3}}, 2);
    assertThat(p[1][0]).isCloseTo(1 / 6.0, within(1e-3));
    assertThat(p[2][0]).isCloseTo(1 / 6.0, within(1e-3));
    assertThat(p[2][1]).isCloseTo(1 / 6.0, within(1e-3));
  }

  /** With one neighbor, 0 chooses 1, 1 chooses 0, 3 chooses 1. */
  @Test
  void choosesTheNearestAtTheSmallestPerplexity() {
    double[][] p = Affinities.of(new double[][] {{0}, {1}, {3}}, 1);
    assertThat(p[1][0]).isCloseTo(2 / 6.0, within(1e-3));
    assertThat(p[2][0]).isCloseTo(0, within(1e-3));
    assertThat(p[2][1]).isCloseTo(1 / 6.0, within(1e-3));
  }

  @Test
  void affinitiesDoNotDependOnTheScale() {
    double[][] points = clusters(3);
    double[][] large = new double[points.length][];
    for (int i = 0; i < points.length; i++) {
      large[i] = Arrays.stream(points[i]).map(v -> 1e6 * v).toArray();
    }
    double[][] expected = Affinities.of(points, 10);
    double[][] actual = Affinities.of(large, 10);
    for (int i = 0; i < points.length; i++) {
      assertThat(actual[i]).containsExactly(expected[i], within(1e-9));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {20, 1e5})
  void keepsDistantClustersApart(double distance) {
    assertThat(silhouette(embed(new TSne(), clusters(distance)))).isGreaterThan(0.5);
  }

  @Test
  void isDeterministic() {
    double[][] points = clusters(5);
    var brief = new TSne(30, 300, 200);
    assertThat(embed(brief, points)).isDeepEqualTo(embed(brief, points));
    assertThat(brief.embed(points, Samples.random("other"))).isNotEqualTo(embed(brief, points));
  }

  /** The first 250 iterations are exaggerated; from there on the divergence itself falls. */
  @Test
  void lowersTheDivergence() {
    double[][] points = clusters(5);
    double[][] p = Affinities.of(points, (points.length - 1) / 3.0);
    double[] divergences =
        Arrays.stream(new int[] {250, 300, 1_000})
            .mapToDouble(n -> TSne.divergence(p, embed(new TSne(30, n, 200), points)))
            .toArray();
    assertThat(divergences[1]).isLessThan(divergences[0]);
    assertThat(divergences[2]).isLessThan(divergences[1]).isPositive();
  }

  /** p 1/2 and q 1/2 of the only pair. */
  @Test
  void twoPointsDivergeByNothing() {
    double[][] p = Affinities.of(new double[][] {{0}, {5}}, 1);
    assertThat(TSne.divergence(p, new double[][] {{0, 0}, {3, 4}})).isCloseTo(0, within(1e-12));
  }

  @Test
  void endsSomewhereForPointsThatAreAllTheSame() {
    for (int n : new int[] {1, 2, 10}) {
      for (double[] place : embed(new TSne(), new double[n][3])) {
        assertThat(Arrays.stream(place)).allMatch(Double::isFinite);
      }
    }
  }

  @Test
  void refusesImpossibleValues() {
    assertThatThrownBy(() -> new TSne(0.5, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the perplexity must be at least 1, got 0.5");
  }

  private static double[][] embed(TSne tsne, double[][] points) {
    return tsne.embed(points, Samples.random("test"));
  }

  /** The mean of (b - a) / max(a, b), a and b the mean distances from the own and other cluster. */
  private static double silhouette(double[][] places) {
    double sum = 0;
    for (int i = 0; i < places.length; i++) {
      double[] distances = new double[2];
      for (int j = 0; j < places.length; j++) {
        boolean own = i < HALF == j < HALF;
        distances[own ? 0 : 1] +=
            Math.hypot(places[i][0] - places[j][0], places[i][1] - places[j][1])
                / (own ? HALF - 1 : HALF);
      }
      sum += (distances[1] - distances[0]) / Math.max(distances[0], distances[1]);
    }
    return sum / places.length;
  }
}
