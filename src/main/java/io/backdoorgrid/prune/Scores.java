package io.backdoorgrid.prune;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * One score per channel of a layer, with its mean and deviation.
 *
 * @param values the scores
 * @param mean of the scores
 * @param deviation of the scores
 */
public record Scores(double[] values, double mean, double deviation) {

  public static Scores of(double[] values, Deviation deviation) {
    boolean[] all = new boolean[values.length];
    Arrays.fill(all, true);
    return of(values, all, deviation);
  }

  /** Scores of which mean and deviation are those of some. */
  public static Scores of(double[] values, boolean[] counted, Deviation deviation) {
    double[] some =
        IntStream.range(0, values.length)
            .filter(k -> counted[k])
            .mapToDouble(k -> values[k])
            .toArray();
    double mean = Arrays.stream(some).average().orElse(0);
    double squares = Arrays.stream(some).map(v -> (v - mean) * (v - mean)).sum();
    int divisor = deviation == Deviation.POPULATION ? some.length : some.length - 1;
    return new Scores(values, mean, divisor > 0 ? Math.sqrt(squares / divisor) : 0);
  }

  /** The score that lies {@code u} deviations above the mean, below it if {@code u} is negative. */
  public double limit(double u) {
    return mean + u * deviation;
  }
}
