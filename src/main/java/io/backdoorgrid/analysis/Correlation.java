package io.backdoorgrid.analysis;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/**
 * The correlation of two quantities, from -1 to 1.
 *
 * @param pearson of the values; empty where one of them is the same everywhere
 * @param spearman of their ranks, equal values sharing the mean of theirs; empty there, too
 */
public record Correlation(OptionalDouble pearson, OptionalDouble spearman) {

  private static final Correlation UNDEFINED =
      new Correlation(OptionalDouble.empty(), OptionalDouble.empty());

  /**
   * @throws IllegalArgumentException if there are not as many values of one as of the other
   */
  public static Correlation of(double[] x, double[] y) {
    if (constant(x) || constant(y)) {
      return UNDEFINED;
    }
    return new Correlation(
        OptionalDouble.of(new PearsonsCorrelation().correlation(x, y)),
        OptionalDouble.of(new SpearmansCorrelation().correlation(x, y)));
  }

  private static boolean constant(double[] values) {
    return Arrays.stream(values).distinct().count() < 2;
  }
}
