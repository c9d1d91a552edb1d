package io.backdoorgrid.cli.screen;

import io.backdoorgrid.run.task.Outcome;
import io.backdoorgrid.store.row.Row;
import java.util.Locale;

/** The end of a trial in one line. */
final class Outcomes {

  private Outcomes() {}

  static String text(String cell, Outcome outcome) {
    if (outcome instanceof Outcome.Failed failed) {
      return "%s: failed, %s: %s"
          .formatted(cell, failed.failure().kind(), failed.failure().message());
    }
    Row row = ((Outcome.Finished) outcome).row();
    return "%s: ACC %s, ASR %s, RA %s, %s s"
        .formatted(
            cell, percent(row, Row.ACC), percent(row, Row.ASR), percent(row, Row.RA), seconds(row));
  }

  private static String seconds(Row row) {
    return number(row, Row.SECONDS, row.number(Row.SECONDS).orElse(0) < 10 ? "%.3f" : "%.0f");
  }

  private static String percent(Row row, String column) {
    return number(row, column, "%.1f");
  }

  private static String number(Row row, String column, String format) {
    return row.number(column).isPresent()
        ? String.format(Locale.ROOT, format, row.number(column).getAsDouble())
        : "-";
  }
}
