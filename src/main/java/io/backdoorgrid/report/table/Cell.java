package io.backdoorgrid.report.table;

import io.backdoorgrid.metric.Metric;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One metric of one cell of a table, over the seeds of that cell.
 *
 * @param mean over the seeds that are measured, if any are
 * @param deviation sample standard deviation, if two or more are
 * @param measured how many seeds have a value
 * @param planned how many seeds the plan has
 * @param published as the paper prints it
 * @param best whether no other candidate of the row is better
 * @param notes numbers of {@link Table#footnotes()}, counted from 1
 */
public record Cell(
    Metric metric,
    Status status,
    OptionalDouble mean,
    OptionalDouble deviation,
    int measured,
    int planned,
    Optional<String> published,
    boolean best,
    List<Integer> notes) {

  /** The state of a cell. */
  public enum Status {
    MEASURED,
    /** Finished, but the metric has no meaning there, such as the ASR of a clean model. */
    UNDEFINED,
    MISSING,
    /** Measured, but the file of the result cannot be trusted any more. */
    DAMAGED,
    FAILED,
    /** The plan has it, but its settings are incompatible. */
    SKIPPED,
    /** The plan has no such trial. */
    ABSENT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Cell {
    if ((status == Status.MEASURED) != mean.isPresent()) {
      throw new IllegalArgumentException(
          "a cell has a mean if and only if it is measured, got %s with %s"
              .formatted(status, mean));
    }
    notes = List.copyOf(notes);
  }

  static Cell absent(Metric metric) {
    return new Cell(
        metric,
        Status.ABSENT,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        0,
        0,
        Optional.empty(),
        false,
        List.of());
  }

  Cell asBest() {
    return new Cell(metric, status, mean, deviation, measured, planned, published, true, notes);
  }

  /** Measured minus published. */
  public OptionalDouble difference() {
    return mean.isPresent() && published.isPresent()
        ? OptionalDouble.of(mean.getAsDouble() - Double.parseDouble(published.get()))
        : OptionalDouble.empty();
  }
}
