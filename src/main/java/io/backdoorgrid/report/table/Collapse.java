package io.backdoorgrid.report.table;

import io.backdoorgrid.metric.Metrics;
import io.backdoorgrid.store.row.Row;
import java.util.OptionalDouble;

/**
 * Models that name classes little better than by chance. Their ASR says nothing about a backdoor.
 *
 * <p>Chance is what always naming the most frequent class gives. A model has collapsed if its ACC
 * is at most twice that and at most a tenth of the way from there to 100: 19 with ten classes of
 * one size, 2 with a hundred.
 */
final class Collapse {

  /**
   * The limit where a row does not tell chance, which is 19.6 on SVHN, 10 on CIFAR-10, and less on
   * the other usual data sets.
   */
  private static final double USUAL = 20;

  private Collapse() {}

  static boolean isIn(Row row) {
    OptionalDouble acc = Metrics.ACC.of(row::number);
    return acc.isPresent() && acc.getAsDouble() <= limit(row.number(Row.CHANCE));
  }

  private static double limit(OptionalDouble chance) {
    return chance.isPresent()
        ? Math.min(
            2 * chance.getAsDouble(), chance.getAsDouble() + (100 - chance.getAsDouble()) / 10)
        : USUAL;
  }
}
