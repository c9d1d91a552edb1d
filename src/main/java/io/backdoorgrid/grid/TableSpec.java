package io.backdoorgrid.grid;

import io.backdoorgrid.metric.Metric;
import io.backdoorgrid.metric.Metrics;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the {@code table:} section of a grid file asks for.
 *
 * @param rows axes that make a row, such as {@code attack} or {@code [dataset, attack]}
 * @param columns axes that make a column group, usually {@code defense}
 * @param metrics in the order in which they stand under each group
 * @param published name of a file under {@code results/published/}, without its ending
 * @param boldWithin how many points of the undefended model's ACC a cell may lose and still be set
 *     in bold as the best of its line
 */
public record TableSpec(
    List<String> rows,
    List<String> columns,
    List<Metric> metrics,
    Optional<String> published,
    double boldWithin) {

  /** The default table. */
  public static final TableSpec DEFAULT =
      new TableSpec(
          List.of("attack"),
          List.of("defense"),
          List.of(Metrics.ACC, Metrics.ASR, Metrics.RA),
          Optional.empty(),
          10);

  /** The columns of rows that the table needs, to fill its cells and to choose the bold ones. */
  public Set<String> measurements() {
    Set<String> measurements = new LinkedHashSet<>(Metrics.ACC_DROP.columns());
    metrics.forEach(metric -> measurements.addAll(metric.columns()));
    return measurements;
  }

  public TableSpec withRows(List<String> axes) {
    return new TableSpec(axes, columns, metrics, published, boldWithin);
  }

  public TableSpec withColumns(List<String> axes) {
    return new TableSpec(rows, axes, metrics, published, boldWithin);
  }

  public TableSpec withMetrics(List<Metric> shown) {
    return new TableSpec(rows, columns, shown, published, boldWithin);
  }

  public TableSpec withPublished(String name) {
    return new TableSpec(rows, columns, metrics, Optional.of(name), boldWithin);
  }

  public TableSpec withBoldWithin(double points) {
    return new TableSpec(rows, columns, metrics, published, points);
  }
}
