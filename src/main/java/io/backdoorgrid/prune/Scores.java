package io.backdoorgrid.prune;

import java.util.Arrays;

/**
 * One score per channel of a layer, with its mean and deviation.
 *
 * @param values the scores
 * @param mean of the scores
 * @param deviation of the scores
 */
public record Scores(double[] values, double mean, double deviation) {

  public static Scores of(double[] values, Deviation deviation) {
    double mean = Arrays.stream(values).average().orElse(0);
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    int divisor = deviation == Deviation.POPULATION ? values.length : values.length - 1;
    return new Scores(values, mean, divisor > 0 ? Math.sqrt(squares / divisor) : 0);
  }

  /** The score that lies {@code u} deviations above the mean, below it if {@code u} is negative. */
  public double limit(double u) {
    return mean + u * deviation;
  }
}
