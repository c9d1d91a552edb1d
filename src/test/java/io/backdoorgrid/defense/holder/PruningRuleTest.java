package io.backdoorgrid.defense.holder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.defense.holder.PruningRule.Count;
import io.backdoorgrid.defense.holder.PruningRule.Density;
import io.backdoorgrid.defense.holder.PruningRule.Density.Edge;
import io.backdoorgrid.defense.holder.PruningRule.LiveRatio;
import io.backdoorgrid.defense.holder.PruningRule.Ratio;
import io.backdoorgrid.defense.holder.PruningRule.Threshold;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PruningRuleTest {

  private static final double[] SCORES = {0.5, 3, 0, 3, 2, 0.5};

  /** Ten bars of one unit: a peak of 20 at zero, a dip, a plateau of five bars, a tail of one. */
  private static final double[] DISTRIBUTION = bars(20, 1, 10, 10, 10, 10, 10, 0, 0, 1);

  @Test
  void ranksByFallingScoreAndTiesByIndex() {
    assertThat(PruningRule.ranking(SCORES)).containsExactly(1, 3, 4, 0, 5, 2);
  }

  @ParameterizedTest
  @CsvSource({"0, ''", "1, 1", "2, 1 3", "4, 0 1 3 4", "6, 0 1 2 3 4 5"})
  void prunesThatManyAndOfEqualsTheFirst(int count, String expected) {
    assertThat(pruned(new Count(count), SCORES)).isEqualTo(expected);
  }

  @Test
  void refusesToPruneMoreThanThereAre() {
    assertThatThrownBy(() -> new Count(7).pruned(SCORES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cannot prune 7 of 6 neurons");
    assertThatThrownBy(() -> new Count(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the number of pruned neurons must not be negative, got -1");
  }

  /** 0.4 * 6 = 2.4 and 0.45 * 6 = 2.7. */
  @ParameterizedTest
  @CsvSource({"0, ''", "0.4, 1 3", "0.45, 1 3 4", "1, 0 1 2 3 4 5"})
  void prunesAShareRoundedToWholeNeurons(double share, String expected) {
    assertThat(pruned(new Ratio(share), SCORES)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.01, 1.01, Double.NaN})
  void refusesSharesOutOfRange(double share) {
    assertThatThrownBy(() -> new Ratio(share))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the pruned share must be from 0 to 1, got %s", share);
  }

  /** A score of exactly the threshold stays. */
  @ParameterizedTest
  @CsvSource({"-1, 0 1 2 3 4 5", "0, 0 1 3 4 5", "1.9, 1 3 4", "2, 1 3", "3, ''", "Infinity, ''"})
  void prunesAboveTheThreshold(double threshold, String expected) {
    assertThat(pruned(new Threshold(threshold), SCORES)).isEqualTo(expected);
  }

  @Test
  void refusesAThresholdThatIsNoNumber() {
    assertThatThrownBy(() -> new Threshold(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the threshold must be a number");
  }

  /**
   * The bars fall from 20 to 1, the second; the median of the 52 beyond lies in the fifth. Up to it
   * they are 7.75 high on average. The first of less than 0.775 is the eighth, which begins at 7.
   */
  @Test
  void prunesTheTailBehindThePlateau() {
    var density = new Density(Edge.UPPER, 0.1, 10, 1);
    assertThat(density.threshold(DISTRIBUTION)).isCloseTo(7, within(1e-12));
    assertThat(pruned(density, DISTRIBUTION)).isEqualTo("" + (DISTRIBUTION.length - 1));
  }

  /** The second bar is the lowest of the descent: the plateau begins there, at 1. */
  @Test
  void prunesThePlateauWithTheTail() {
    var density = new Density(Edge.LOWER, 0.1, 10, 1);
    assertThat(density.threshold(DISTRIBUTION)).isCloseTo(1, within(1e-12));
  }

  /** Five of six are live: 0.5 * 5 = 2.5 and 0.4 * 5 = 2. */
  @ParameterizedTest
  @CsvSource({"0, ''", "0.4, 1 3", "0.5, 1 3 4", "1, 0 1 3 4 5"})
  void prunesAShareOfTheLive(double share, String expected) {
    assertThat(pruned(new LiveRatio(share), SCORES)).isEqualTo(expected);
  }

  /** Averaged by threes, the bars are 7, 10, 10 on the plateau, then 10, 6.7, 3.3, 0.3 and 0.5. */
  @ParameterizedTest
  @CsvSource({"0.1, 8", "0.5, 7", "1, 6"})
  void smoothsTheBars(double share, double threshold) {
    assertThat(new Density(Edge.UPPER, share, 10, 3).threshold(DISTRIBUTION))
        .isCloseTo(threshold, within(1e-12));
  }

  @Test
  void findsThePlateauWithoutAPeakAtZero() {
    double[] scores = bars(2, 10, 10, 10, 10, 0, 0, 0, 0, 1);
    assertThat(new Density(Edge.UPPER, 0.1, 10, 1).threshold(scores)).isCloseTo(5, within(1e-12));
  }

  /** Nothing but a plateau, one value, or zeros. */
  @ParameterizedTest
  @MethodSource("withoutTail")
  void prunesNothingWithoutATail(double[] scores) {
    var density = new Density(Edge.UPPER, 0.1);
    assertThat(density.threshold(scores)).isInfinite();
    assertThat(pruned(density, scores)).isEmpty();
  }

  static List<double[]> withoutTail() {
    double[] even = IntStream.range(0, 1000).mapToDouble(i -> i).toArray();
    double[] equal = new double[10];
    Arrays.fill(equal, 3);
    return List.of(even, equal, new double[] {1.5}, new double[5], new double[0]);
  }

  /** 1,000 near zero, 500 from 1 to 2, 20 from 3 to 4. */
  @Test
  void separatesTheTailOfManyScores() {
    double[] scores = new double[1520];
    for (int i = 0; i < scores.length; i++) {
      scores[i] =
          i < 1000 ? 0.3 * i * i / 1e6 : i < 1500 ? 1 + (i - 1000) / 500.0 : 3 + (i - 1500) / 20.0;
    }
    assertThat(new Density(Edge.UPPER, 0.1).threshold(scores)).isBetween(2.0, 3.0);
    boolean[] pruned = new Density(Edge.UPPER, 0.1).pruned(scores);
    for (int i = 0; i < scores.length; i++) {
      assertThat(pruned[i]).isEqualTo(i >= 1500);
    }
  }

  @Test
  void refusesDensitiesOutOfRange() {
    assertThatThrownBy(() -> new Density(Edge.UPPER, 0, 100, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("share must be above 0 and at most 1, got 0.0");
    assertThatThrownBy(() -> new Density(Edge.UPPER, 0.1, 0, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bins must be at least 1, got 0");
    assertThatThrownBy(() -> new Density(Edge.UPPER, 0.1, 100, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("window must be odd, got 4");
  }

  /** That many scores in the middle of each bar of width 1; the largest at the end of the last. */
  private static double[] bars(int... counts) {
    double[] scores =
        IntStream.range(0, counts.length)
            .boxed()
            .flatMapToDouble(bar -> IntStream.range(0, counts[bar]).mapToDouble(i -> bar + 0.5))
            .toArray();
    scores[scores.length - 1] = counts.length;
    return scores;
  }

  /** The positions of pruned neurons. */
  private static String pruned(PruningRule rule, double[] scores) {
    boolean[] pruned = rule.pruned(scores);
    return String.join(
        " ",
        IntStream.range(0, pruned.length)
            .filter(i -> pruned[i])
            .mapToObj(String::valueOf)
            .toList());
  }
}
