package io.backdoorgrid.metric;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;

/**
 * A number that describes the result of a trial: its names, how it is judged, and how it follows
 * from a row.
 */
public sealed interface Metric permits Evaluated, Derived {

  /** Which of two values is the better one. */
  enum Better {
    HIGHER,
    LOWER,
    NEITHER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** In grid files, in CSV, and in the transcribed tables of papers; kebab-case. */
  String name();

  /** Over a column of a table. */
  String heading();

  Unit unit();

  Better better();

  /** The columns of a row from which it follows, and no others. */
  Set<String> columns();

  /**
   * The value for one trial, or nothing where it is undefined, such as the ASR of a clean model, or
   * where the row is older than a column that it takes.
   *
   * @param row the number in a column of the trial's row, if there is one
   */
  OptionalDouble of(Function<String, OptionalDouble> row);
}
