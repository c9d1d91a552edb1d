package io.backdoorgrid.defense.holder;

import static io.backdoorgrid.algorithm.Checks.require;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Chooses the neurons of a layer to prune by their scores: some of those with the largest. */
public sealed interface PruningRule {

  /** Whether each neuron is pruned. */
  boolean[] pruned(double[] scores);

  /** All neurons by falling score; of equals the first comes first. */
  static int[] ranking(double[] scores) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /**
   * A fixed number of neurons: p in the paper on Hölder Pruning.
   *
   * @param neurons at most as many as there are
   */
  record Count(int neurons) implements PruningRule {

    public Count {
      require(neurons >= 0, "the number of pruned neurons must not be negative, got %d", neurons);
    }

    @Override
    public boolean[] pruned(double[] scores) {
      require(neurons <= scores.length, "cannot prune %d of %d neurons", neurons, scores.length);
      boolean[] pruned = new boolean[scores.length];
      Arrays.stream(ranking(scores)).limit(neurons).forEach(i -> pruned[i] = true);
      return pruned;
    }
  }

  /**
   * A share of the neurons, rounded to a whole number.
   *
   * @param share 0 to 1
   */
  record Ratio(double share) implements PruningRule {

    public Ratio {
      require(share >= 0 && share <= 1, "the pruned share must be from 0 to 1, got %s", share);
    }

    @Override
    public boolean[] pruned(double[] scores) {
      return new Count((int) Math.round(share * scores.length)).pruned(scores);
    }
  }

  /**
   * A share of the live neurons, those with a score above 0, rounded to a whole number: of a head's
   * neurons many never react to anything, and a share of all of them may be all that do.
   *
   * @param share 0 to 1
   */
  record LiveRatio(double share) implements PruningRule {

    public LiveRatio {
      require(share >= 0 && share <= 1, "the pruned share must be from 0 to 1, got %s", share);
    }

    @Override
    public boolean[] pruned(double[] scores) {
      long live = Arrays.stream(scores).filter(score -> score > 0).count();
      return new Count((int) Math.round(share * live)).pruned(scores);
    }
  }

  /** Every neuron whose score exceeds a value. */
  record Threshold(double value) implements PruningRule {

    public Threshold {
      require(!Double.isNaN(value), "the threshold must be a number");
    }

    @Override
    public boolean[] pruned(double[] scores) {
      boolean[] pruned = new boolean[scores.length];
      for (int i = 0; i < pruned.length; i++) {
        pruned[i] = scores[i] > value;
      }
      return pruned;
    }
  }

  /**
   * A threshold read from the scores' histogram, which turns section A.8 of the paper on Hölder
   * Pruning into a rule.
   *
   * <p>It describes a peak at zero, a plateau, and a tail of sensitive neurons, which are pruned.
   * Here the histogram's bars, each averaged with its neighbors, fall from zero to where they first
   * stop falling; the plateau reaches from there at least to the median of the scores beyond, and
   * ends before the first bar that is lower than a share of its mean height. Without such a bar
   * there is no tail, and nothing is pruned.
   *
   * <p>By the appendix, accuracy falls with a threshold below the plateau, and the attack survives
   * one above it: its lower edge prunes as much as accuracy allows, its upper edge nothing but the
   * tail.
   *
   * @param edge of the plateau at which the threshold is
   * @param share of the plateau's mean height below which the tail begins, above 0 and at most 1
   * @param bins bars from zero to the largest score, at least 1
   * @param window bars that are averaged, odd
   */
  record Density(Edge edge, double share, int bins, int window) implements PruningRule {

    /** An end of the plateau. */
    public enum Edge {
      LOWER,
      UPPER
    }

    public Density {
      require(share > 0 && share <= 1, "share must be above 0 and at most 1, got %s", share);
      require(bins >= 1, "bins must be at least 1, got %d", bins);
      require(window >= 1 && window % 2 == 1, "window must be odd, got %d", window);
    }

    /** A hundred bars, averaged by five. */
    public Density(Edge edge, double share) {
      this(edge, share, 100, 5);
    }

    @Override
    public boolean[] pruned(double[] scores) {
      return new Threshold(threshold(scores)).pruned(scores);
    }

    /**
     * The score at the plateau's edge, infinite if there is no tail.
     *
     * @param scores not negative
     */
    public double threshold(double[] scores) {
      double width = Arrays.stream(scores).max().orElse(0) / bins;
      if (!(width > 0)) {
        return Double.POSITIVE_INFINITY;
      }
      int[] bars = Arrays.stream(scores).mapToInt(score -> bar(score, width)).sorted().toArray();
      double[] heights = smooth(bars);
      int start = endOfDescent(heights);
      int[] beyond = Arrays.stream(bars).filter(bar -> bar >= start).toArray();
      int median = beyond[beyond.length / 2];
      double plateau = Arrays.stream(heights, start, median + 1).average().orElseThrow();
      for (int bar = median + 1; bar < bins; bar++) {
        if (heights[bar] < share * plateau) {
          return (edge == Edge.UPPER ? bar : start) * width;
        }
      }
      return Double.POSITIVE_INFINITY;
    }

    private int bar(double score, double width) {
      return Math.min(bins - 1, (int) (score / width));
    }

    /** How many scores each bar has, averaged over the window as far as it is within. */
    private double[] smooth(int[] bars) {
      int[] counts = new int[bins];
      Arrays.stream(bars).forEach(bar -> counts[bar]++);
      double[] heights = new double[bins];
      for (int bar = 0; bar < bins; bar++) {
        int from = Math.max(0, bar - window / 2);
        int to = Math.min(bins, bar + window / 2 + 1);
        heights[bar] = Arrays.stream(counts, from, to).average().orElseThrow();
      }
      return heights;
    }

    private static int endOfDescent(double[] heights) {
      int bar = 0;
      while (bar + 1 < heights.length && heights[bar + 1] < heights[bar]) {
        bar++;
      }
      return bar;
    }
  }
}
