package io.backdoorgrid.report.table;

import java.util.List;
import java.util.OptionalDouble;

/** Mean and spread of a few numbers. */
record SeedStatistics(List<Double> values) {

  OptionalDouble mean() {
    return values.stream().mapToDouble(Double::doubleValue).average();
  }

  /** The sample standard deviation (n - 1), which one value does not have. */
  OptionalDouble deviation() {
    if (values.size() < 2) {
      return OptionalDouble.empty();
    }
    double mean = mean().getAsDouble();
    double squares = values.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum();
    return OptionalDouble.of(Math.sqrt(squares / (values.size() - 1)));
  }
}
