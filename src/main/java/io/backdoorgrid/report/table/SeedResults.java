package io.backdoorgrid.report.table;

import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.metric.Metric;
import io.backdoorgrid.metric.Metrics;
import io.backdoorgrid.report.table.Cell.Status;
import io.backdoorgrid.store.row.Row;
import java.util.List;
import java.util.Optional;

/**
 * The outcomes of the trials in a cell, one per seed.
 *
 * @param trials as planned; none where the plan has no such trial
 * @param rows of those that are finished
 * @param failed whether one of them failed
 * @param damaged whether the result of one of them cannot be read
 * @param skipped whether one of them is skipped
 * @param notes why; numbers of {@link Table#footnotes()}
 */
record SeedResults(
    List<Trial> trials,
    List<Row> rows,
    boolean failed,
    boolean damaged,
    boolean skipped,
    List<Integer> notes) {

  /** Far below the share of one test image. */
  private static final double ROUNDING = 1e-9;

  Cell cell(Metric metric, Optional<String> published) {
    if (trials.isEmpty()) {
      return Cell.absent(metric);
    }
    List<Double> values = values(metric);
    var statistics = new SeedStatistics(values);
    return new Cell(
        metric,
        status(values),
        statistics.mean(),
        statistics.deviation(),
        values.size(),
        trials.size(),
        published,
        false,
        notes);
  }

  /**
   * Whether the models are nearly as good as before on clean images: no seed failed, none
   * collapsed, and their mean ACC is at most some points below that of the undefended models of the
   * same seeds. Not where one of these is unknown.
   */
  boolean keepsAcc(double points) {
    List<Double> drops = values(Metrics.ACC_DROP);
    return !failed
        && drops.size() == rows.size()
        && rows.stream().noneMatch(Collapse::isIn)
        && new SeedStatistics(drops).mean().orElse(Double.NaN) <= points + ROUNDING;
  }

  private List<Double> values(Metric metric) {
    return rows.stream().flatMap(row -> metric.of(row::number).stream().boxed()).toList();
  }

  private Status status(List<Double> values) {
    if (!values.isEmpty()) {
      return Status.MEASURED;
    }
    if (!rows.isEmpty()) {
      return Status.UNDEFINED;
    }
    if (skipped) {
      return Status.SKIPPED;
    }
    if (damaged) {
      return Status.DAMAGED;
    }
    return failed ? Status.FAILED : Status.MISSING;
  }
}
