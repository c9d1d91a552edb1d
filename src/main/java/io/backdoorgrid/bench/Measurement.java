package io.backdoorgrid.bench;

import java.util.List;

/**
 * One quantity, measured several times.
 *
 * @param subject what was measured, such as {@code ResNet-18 of width 64, bfloat16}
 * @param quantity which of its properties, such as {@code training}
 * @param values one per repeat, in the order they were taken, at least one
 */
public record Measurement(String subject, String quantity, Unit unit, List<Double> values) {

  public Measurement {
    values = List.copyOf(values);
  }

  /** The value in the middle; of an even number, the mean of both. */
  public double median() {
    return median(values);
  }

  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  public double lowest() {
    return values.stream().mapToDouble(v -> v).min().orElseThrow();
  }

  public double highest() {
    return values.stream().mapToDouble(v -> v).max().orElseThrow();
  }
}
