package io.backdoorgrid.cli.screen;

import io.backdoorgrid.metric.Metric;
import io.backdoorgrid.metric.Metrics;
import io.backdoorgrid.run.task.Outcome;
import io.backdoorgrid.store.row.Row;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The end of a trial in one line. */
final class Outcomes {

  private Outcomes() {}

  static String text(String cell, Outcome outcome) {
    if (outcome instanceof Outcome.Failed failed) {
      return "%s: failed, %s: %s"
          .formatted(cell, failed.failure().kind(), failed.failure().message());
    }
    Row row = ((Outcome.Finished) outcome).row();
    return Stream.of(Metrics.ACC, Metrics.ASR, Metrics.RA)
        .map(metric -> metric.heading() + " " + number(row, metric, "%.1f"))
        .collect(Collectors.joining(", ", cell + ": ", ", " + seconds(row) + " s"));
  }

  private static String seconds(Row row) {
    boolean quick = row.number(Row.SECONDS).orElse(0) < 10;
    return number(row, Metrics.SECONDS, quick ? "%.3f" : "%.0f");
  }

  private static String number(Row row, Metric metric, String format) {
    OptionalDouble value = metric.of(row::number);
    return value.isPresent() ? String.format(Locale.ROOT, format, value.getAsDouble()) : "-";
  }
}
