package io.backdoorgrid.report.table;

import io.backdoorgrid.grid.Axis;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Trial;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Assigns trials to the cells of a table. */
final class Layout {
  private static final String SEED = "seed";

  private final AxisLabels labels;
  private final List<String> rowAxes;
  private final List<String> columnAxes;
  private final List<List<String>> rows;
  private final List<List<String>> columns;

  /** By row, column and seed. */
  private final Map<List<String>, Map<List<String>, Map<Long, Trial>>> cells = new HashMap<>();

  Layout(Plan plan) {
    columnAxes = plan.table().columns();
    Set<String> placed = new LinkedHashSet<>(plan.table().rows());
    placed.addAll(columnAxes);
    labels = new AxisLabels(plan, placed);
    rowAxes = new ArrayList<>(plan.table().rows());
    for (String axis : plan.axes().all().stream().map(Axis::key).toList()) {
      // Everything that varies must be visible: a table averages only over seeds.
      if (!axis.equals(SEED) && !placed.contains(axis) && labels.values(axis).size() > 1) {
        rowAxes.add(axis);
      }
    }
    List<List<String>> rowOf = keys(plan, rowAxes);
    List<List<String>> columnOf = keys(plan, columnAxes);
    Map<List<String>, List<List<String>>> shownIn = spread(new LinkedHashSet<>(rowOf));
    for (int i = 0; i < rowOf.size(); i++) {
      for (List<String> row : shownIn.get(rowOf.get(i))) {
        add(row, columnOf.get(i), plan.cells().get(i));
      }
    }
    rows = sorted(cells.keySet(), rowAxes);
    columns = sorted(Set.copyOf(columnOf), columnAxes);
  }

  AxisLabels labels() {
    return labels;
  }

  List<String> rowAxes() {
    return rowAxes;
  }

  List<List<String>> rows() {
    return rows;
  }

  List<List<String>> columns() {
    return columns;
  }

  /** The trials of a cell, one per seed. */
  List<Trial> trials(List<String> row, List<String> column) {
    return List.copyOf(cells.get(row).getOrDefault(column, Map.of()).values());
  }

  private void add(List<String> row, List<String> column, Trial trial) {
    Trial other =
        cells
            .computeIfAbsent(row, key -> new HashMap<>())
            .computeIfAbsent(column, key -> new LinkedHashMap<>())
            .putIfAbsent(trial.victim().seed(), trial);
    if (other != null) {
      throw new IllegalStateException(
          "trials %s and %s differ, but not in an axis of the table; they cannot be averaged"
              .formatted(other.id(), trial.id()));
    }
  }

  /** For every trial its values of some axes. */
  private List<List<String>> keys(Plan plan, List<String> axes) {
    List<List<String>> columns = axes.stream().map(labels::texts).toList();
    return IntStream.range(0, plan.cells().size())
        .mapToObj(i -> columns.stream().map(column -> column.get(i)).toList())
        .toList();
  }

  /**
   * The rows in which the trials of each row are shown. A trial to which an axis means nothing
   * belongs to every value of it: a defense that needs no clean data is shown beside the others at
   * each clean ratio, as the papers do. Without such rows it has one of its own.
   */
  private static Map<List<String>, List<List<String>>> spread(Set<List<String>> rows) {
    Map<List<String>, List<List<String>>> shownIn = new HashMap<>();
    for (List<String> row : rows) {
      List<List<String>> fuller =
          row.contains("")
              ? rows.stream().filter(other -> completes(other, row)).toList()
              : List.of();
      List<List<String>> fullest =
          fuller.stream()
              .filter(one -> fuller.stream().noneMatch(other -> completes(other, one)))
              .toList();
      shownIn.put(row, fullest.isEmpty() ? List.of(row) : fullest);
    }
    return shownIn;
  }

  private static boolean completes(List<String> fuller, List<String> row) {
    if (fuller.equals(row)) {
      return false;
    }
    for (int i = 0; i < row.size(); i++) {
      if (!row.get(i).isEmpty() && !row.get(i).equals(fuller.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Axis by axis in the order in which the plan first names the values. */
  private List<List<String>> sorted(Set<List<String>> keys, List<String> axes) {
    Comparator<List<String>> order = (a, b) -> 0;
    for (int i = 0; i < axes.size(); i++) {
      int axis = i;
      Map<String, Integer> rank = new HashMap<>();
      labels.values(axes.get(i)).forEach(value -> rank.put(value, rank.size()));
      order = order.thenComparing(key -> rank.getOrDefault(key.get(axis), -1));
    }
    return keys.stream().sorted(order).toList();
  }
}
