package io.backdoorgrid.report.table;

import io.backdoorgrid.metric.Metric;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A table, ready to be rendered.
 *
 * @param rowAxes headings of the labels in front of every line
 * @param columnAxes what the values of every group are values of
 * @param groups of columns; each has one column per metric
 * @param decimals places behind the point of percentages
 * @param caption remarks to print under the table
 * @param doubts the remarks among them that cast doubt on the numbers
 * @param boldRemark what bold type means, if a cell is set in it; for formats that have bold type
 * @param footnotes to print under the table, numbered from 1
 */
public record Table(
    String title,
    List<String> rowAxes,
    List<String> columnAxes,
    List<Group> groups,
    List<Metric> metrics,
    List<Line> lines,
    int decimals,
    List<String> caption,
    List<String> doubts,
    Optional<String> boldRemark,
    List<String> footnotes) {

  /**
   * A heading over the metrics of some cells.
   *
   * @param label for a person
   * @param values one per column axis
   */
  public record Group(String label, List<String> values) {
    public Group {
      values = List.copyOf(values);
    }
  }

  /**
   * @param labels one per row axis
   * @param cells group by group, the metrics of each together
   */
  public record Line(List<String> labels, List<Cell> cells) {
    public Line {
      labels = List.copyOf(labels);
      cells = List.copyOf(cells);
    }
  }

  public Table {
    rowAxes = List.copyOf(rowAxes);
    columnAxes = List.copyOf(columnAxes);
    groups = List.copyOf(groups);
    metrics = List.copyOf(metrics);
    lines = List.copyOf(lines);
    caption = List.copyOf(caption);
    doubts = List.copyOf(doubts);
    footnotes = List.copyOf(footnotes);
    for (Line line : lines) {
      if (line.cells.size() != groups.size() * metrics.size()
          || line.labels.size() != rowAxes.size()) {
        throw new IllegalArgumentException(
            "line %s of table %s must have %d labels and %d cells, got %d and %d"
                .formatted(
                    line.labels,
                    title,
                    rowAxes.size(),
                    groups.size() * metrics.size(),
                    line.labels.size(),
                    line.cells.size()));
      }
    }
  }

  /** What stands over the columns of one group, in their order. */
  List<String> metricHeaders() {
    return metrics.stream().map(Metric::heading).toList();
  }

  /** What is printed under a table whose best cells are set in bold. */
  List<String> captionWithBold() {
    return Stream.concat(caption.stream(), boldRemark.stream()).toList();
  }

  /** Whether the groups have labels, or are the one group of a table without column axes. */
  boolean hasGroupLabels() {
    return groups.stream().anyMatch(group -> !group.label().isEmpty());
  }
}
