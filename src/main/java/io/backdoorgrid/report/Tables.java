package io.backdoorgrid.report;

import io.backdoorgrid.grid.Axis;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.report.Cell.Status;
import io.backdoorgrid.report.Metric.Better;
import io.backdoorgrid.store.Failure;
import io.backdoorgrid.store.row.Row;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Arranges the rows of a plan as its {@code table:} section says. */
public final class Tables {
  private static final String MODEL = "model";

  private final Plan plan;
  private final Map<String, Row> rows;
  private final Map<String, Failure> failures;
  private final Optional<Published> published;
  private final Layout layout;
  private final List<Metric> metrics;
  private final Footnotes footnotes = new Footnotes();

  private Tables(
      Plan plan,
      Map<String, Row> rows,
      Map<String, Failure> failures,
      Optional<Published> published) {
    this.plan = plan;
    this.rows = rows;
    this.failures = failures;
    this.published = published;
    layout = new Layout(plan);
    metrics = plan.table().metrics().stream().map(Metric::new).toList();
  }

  /**
   * Fills the table of a plan with what there is.
   *
   * <p>Only seeds are averaged. An axis that varies in the plan and is placed neither in rows nor
   * in columns becomes one more axis of the rows.
   *
   * @param rows results by trial id; those of other plans are ignored
   * @param failures the latest by trial id
   */
  public static Table build(
      Plan plan,
      Map<String, Row> rows,
      Map<String, Failure> failures,
      Optional<Published> published) {
    return new Tables(plan, rows, failures, published).build();
  }

  private Table build() {
    List<List<Cell>> cells = layout.rows().stream().map(this::cells).toList();
    List<Cell> all = cells.stream().flatMap(List::stream).toList();
    int decimals = all.stream().anyMatch(cell -> cell.published().isPresent()) ? 2 : 1;
    List<Table.Line> lines = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      List<String> labels =
          layout.rows().get(i).stream()
              .map(label -> label.isEmpty() ? CellText.UNDEFINED : label)
              .toList();
      lines.add(new Table.Line(labels, markBest(cells.get(i), decimals)));
    }
    List<String> columnAxes = plan.table().columns();
    return new Table(
        plan.name(),
        layout.rowAxes(),
        columnAxes,
        layout.columns().stream().map(key -> group(columnAxes, key)).toList(),
        plan.table().metrics(),
        lines,
        decimals,
        caption(all),
        footnotes.texts());
  }

  private List<Cell> cells(List<String> row) {
    List<Cell> cells = new ArrayList<>();
    for (List<String> column : layout.columns()) {
      List<Trial> trials = layout.trials(row, column);
      for (Metric metric : metrics) {
        cells.add(trials.isEmpty() ? Cell.absent(metric) : cell(trials, metric));
      }
    }
    return cells;
  }

  private Cell cell(List<Trial> trials, Metric metric) {
    List<Double> values = new ArrayList<>();
    List<Integer> notes = new ArrayList<>();
    int finished = 0;
    boolean skipped = false;
    for (Trial trial : trials) {
      String id = trial.id().toString();
      Row row = rows.get(id);
      if (row != null) {
        finished++;
        row.number(metric.name()).ifPresent(values::add);
      } else if (plan.isSkipped(trial)) {
        skipped = true;
        note(footnotes.number(plan.skipped().get(trial.victim().id())), notes);
      } else if (failures.containsKey(id)) {
        note(footnotes.number(failures.get(id)), notes);
      }
    }
    Status status;
    if (!values.isEmpty()) {
      status = Status.MEASURED;
    } else if (finished > 0) {
      status = Status.UNDEFINED;
    } else if (skipped) {
      status = Status.SKIPPED;
    } else {
      status = notes.isEmpty() ? Status.MISSING : Status.FAILED;
    }
    var statistics = new Statistics(values);
    return new Cell(
        metric.name(),
        status,
        statistics.mean(),
        statistics.deviation(),
        values.size(),
        trials.size(),
        published(trials, metric),
        false,
        notes);
  }

  private static void note(int number, List<Integer> notes) {
    if (!notes.contains(number)) {
      notes.add(number);
    }
  }

  private Optional<String> published(List<Trial> trials, Metric metric) {
    if (published.isEmpty()) {
      return Optional.empty();
    }
    List<String> values =
        trials.stream()
            .flatMap(trial -> published.get().find(trial, metric.name()).stream())
            .distinct()
            .toList();
    return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
  }

  /** Marks the best value of a line for each metric, as far as the printed digits tell. */
  private List<Cell> markBest(List<Cell> cells, int decimals) {
    List<Cell> marked = new ArrayList<>(cells);
    for (int m = 0; m < metrics.size(); m++) {
      Metric metric = metrics.get(m);
      double sign = metric.better() == Better.LOWER ? -1 : 1;
      List<Integer> candidates = new ArrayList<>();
      double best = Double.NEGATIVE_INFINITY;
      for (int i = m; i < cells.size(); i += metrics.size()) {
        if (metric.better() != Better.NEITHER
            && cells.get(i).status() == Status.MEASURED
            && isDefended(i / metrics.size())) {
          candidates.add(i);
          best = Math.max(best, sign * printed(cells.get(i), decimals));
        }
      }
      if (candidates.size() < 2) {
        continue;
      }
      for (int i : candidates) {
        if (sign * printed(cells.get(i), decimals) == best) {
          marked.set(i, cells.get(i).asBest());
        }
      }
    }
    return marked;
  }

  /** Whether a group shows a defense; the undefended model is no competitor. */
  private boolean isDefended(int group) {
    int axis = plan.table().columns().indexOf("defense");
    return axis < 0 || !layout.columns().get(group).get(axis).equals("none");
  }

  private static double printed(Cell cell, int decimals) {
    double mean = cell.mean().getAsDouble();
    int places = new Metric(cell.metric()).decimals(mean, decimals);
    return Double.parseDouble(Metric.format(mean, places));
  }

  private Table.Group group(List<String> axes, List<String> key) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < axes.size(); i++) {
      if (!key.get(i).isEmpty()) {
        parts.add(isAlgorithm(axes.get(i)) ? key.get(i) : axes.get(i) + "=" + key.get(i));
      }
    }
    return new Table.Group(String.join(", ", parts), key);
  }

  private boolean isAlgorithm(String axis) {
    return plan.axes().find(axis).flatMap(Axis::kind).isPresent();
  }

  /** What holds for the whole table, the plan's own remarks, and how to read the cells. */
  private List<String> caption(List<Cell> cells) {
    List<String> lines = new ArrayList<>();
    String constants = constants();
    if (!constants.isEmpty()) {
      lines.add(constants);
    }
    lines.addAll(plan.caption());
    if (cells.stream().anyMatch(cell -> cell.deviation().isPresent())) {
      lines.add("Mean ± sample standard deviation over seeds.");
    }
    if (cells.stream().anyMatch(cell -> cell.measured() > 0 && cell.measured() < cell.planned())) {
      lines.add("[n of N]: n of N seeds have a value.");
    }
    if (cells.stream().anyMatch(cell -> cell.published().isPresent())) {
      lines.add(
          "In parentheses: the value published in %s, and measured minus published."
              .formatted(published.orElseThrow().name()));
    }
    if (cells.stream().anyMatch(cell -> cell.status() == Status.MISSING)) {
      lines.add(CellText.MISSING + ": not finished.");
    }
    return lines;
  }

  /**
   * With its hyperparameters, as far as they are the same: a width tells whether it is a paper's.
   */
  private String model() {
    List<Trial> cells = plan.cells();
    Spec model = cells.get(0).victim().model();
    var shown = new HashSet<>(model.parameters().keySet());
    shown.removeAll(Spec.differing(Trial.specs(cells, MODEL)).getOrDefault(model.name(), Set.of()));
    return model.label(shown);
  }

  private String constants() {
    Set<String> columns = Set.copyOf(plan.table().columns());
    List<String> parts =
        plan.axes().all().stream()
            .filter(Axis::captioned)
            .map(Axis::key)
            .filter(axis -> !layout.rowAxes().contains(axis) && !columns.contains(axis))
            .map(
                axis ->
                    layout.labels().values(axis).stream()
                        .findFirst()
                        .map(value -> axis + "=" + (axis.equals(MODEL) ? model() : value))
                        .orElse(null))
            .filter(Objects::nonNull)
            .toList();
    return String.join(", ", parts);
  }
}
