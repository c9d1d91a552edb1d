package io.backdoorgrid.report.table;

import io.backdoorgrid.grid.Axis;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.TableSpec;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.metric.Metric;
import io.backdoorgrid.report.published.Published;
import io.backdoorgrid.report.table.Cell.Status;
import io.backdoorgrid.store.Failure;
import io.backdoorgrid.store.row.Provenance;
import io.backdoorgrid.store.row.Row;
import io.backdoorgrid.store.row.Rows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Arranges the rows of a plan as its {@code table:} section says. */
public final class Tables {
  private static final String MODEL = "model";

  private final Plan plan;
  private final TableSpec spec;
  private final Map<String, Row> rows;
  private final Map<String, Failure> failures;
  private final List<Rows.Damaged> damaged;
  private final Map<String, Rows.Damaged> damagedTrials = new HashMap<>();
  private final Optional<Published> published;
  private final Layout layout;
  private final Footnotes footnotes = new Footnotes();

  private Tables(
      Plan plan,
      Map<String, Row> rows,
      Map<String, Failure> failures,
      List<Rows.Damaged> damaged,
      Optional<Published> published) {
    this.plan = plan;
    this.rows = rows;
    this.failures = failures;
    this.damaged = damaged;
    damaged.forEach(file -> file.trial().ifPresent(trial -> damagedTrials.put(trial, file)));
    this.published = published;
    layout = new Layout(plan);
    spec = plan.table();
  }

  /**
   * Fills the table of a plan with the results so far.
   *
   * <p>Only seeds are averaged. An axis that varies in the plan and is placed neither in rows nor
   * in columns becomes one more axis of the rows.
   *
   * @param rows results by trial id; those of other plans are ignored
   * @param failures the latest by trial id
   * @param damaged files of results that are left out
   */
  public static Table build(
      Plan plan,
      Map<String, Row> rows,
      Map<String, Failure> failures,
      List<Rows.Damaged> damaged,
      Optional<Published> published) {
    return new Tables(plan, rows, failures, damaged, published).build();
  }

  private Table build() {
    List<List<SeedResults>> results = layout.rows().stream().map(this::results).toList();
    List<List<Cell>> cells = results.stream().map(this::cells).toList();
    List<Cell> all = cells.stream().flatMap(List::stream).toList();
    int decimals = all.stream().anyMatch(cell -> cell.published().isPresent()) ? 2 : 1;
    var best = new BestValues(spec.metrics(), spec.boldWithin(), decimals);
    List<Boolean> defended = layout.columns().stream().map(this::isDefended).toList();
    List<Table.Line> lines = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      List<String> labels =
          layout.rows().get(i).stream()
              .map(label -> label.isEmpty() ? CellText.UNDEFINED : label)
              .toList();
      lines.add(new Table.Line(labels, best.mark(cells.get(i), results.get(i), defended)));
    }
    List<String> doubts = doubts();
    boolean bold = lines.stream().flatMap(line -> line.cells().stream()).anyMatch(Cell::best);
    return new Table(
        plan.name(),
        layout.rowAxes(),
        spec.columns(),
        layout.columns().stream().map(key -> group(spec.columns(), key)).toList(),
        spec.metrics(),
        lines,
        decimals,
        Stream.concat(caption(all).stream(), doubts.stream()).toList(),
        doubts,
        bold ? Optional.of(best.remark()) : Optional.empty(),
        footnotes.texts());
  }

  private List<SeedResults> results(List<String> row) {
    return layout.columns().stream().map(column -> results(row, column)).toList();
  }

  private SeedResults results(List<String> row, List<String> column) {
    List<Trial> trials = layout.trials(row, column);
    List<Row> finished = new ArrayList<>();
    Set<Integer> notes = new LinkedHashSet<>();
    boolean failed = false;
    boolean unreadable = false;
    boolean skipped = false;
    for (Trial trial : trials) {
      String id = trial.id().toString();
      if (rows.containsKey(id)) {
        finished.add(rows.get(id));
      } else if (plan.isSkipped(trial)) {
        skipped = true;
        notes.add(footnotes.number(plan.skipped().get(trial.victim().id())));
      } else if (failures.containsKey(id)) {
        failed = true;
        notes.add(footnotes.number(failures.get(id)));
      } else if (damagedTrials.containsKey(id)) {
        unreadable = true;
        notes.add(footnotes.number("damaged: " + damagedTrials.get(id).reason()));
      }
    }
    remarks(finished).forEach(remark -> notes.add(footnotes.number(remark)));
    return new SeedResults(trials, finished, failed, unreadable, skipped, List.copyOf(notes));
  }

  /** What a reader of the numbers in a cell has to know of the rows behind them. */
  private List<String> remarks(List<Row> cell) {
    List<String> remarks = new ArrayList<>();
    List<String> differences = Provenance.differences(cell, row -> "");
    if (!differences.isEmpty()) {
      remarks.add("seeds differ in " + String.join(", ", differences));
    }
    long collapsed = cell.stream().filter(Collapse::isIn).count();
    if (collapsed > 0) {
      String text = "collapsed: the model's ACC is little better than chance";
      remarks.add(collapsed == cell.size() ? text : collapsed + " of " + cell.size() + " " + text);
    }
    return remarks;
  }

  /** What casts doubt on the table as a whole. */
  private List<String> doubts() {
    Map<String, Spec> datasets = new HashMap<>();
    List<Row> shown = new ArrayList<>();
    for (Trial trial : plan.trials()) {
      Row row = rows.get(trial.id().toString());
      if (row != null) {
        shown.add(row);
        datasets.put(row.id(), trial.victim().dataset());
      }
    }
    List<String> doubts = new ArrayList<>();
    List<String> differences = Provenance.differences(shown, row -> datasets.get(row.id()));
    if (!differences.isEmpty()) {
      doubts.add("Results differ in " + String.join(", ", differences) + ".");
    }
    if (!damaged.isEmpty()) {
      doubts.add(
          "Left out, since damaged: "
              + damaged.get(0)
              + (damaged.size() == 1
                  ? "."
                  : ", and %d more; verify names all.".formatted(damaged.size() - 1)));
    }
    return doubts;
  }

  private List<Cell> cells(List<SeedResults> groups) {
    List<Cell> cells = new ArrayList<>();
    for (SeedResults results : groups) {
      for (Metric metric : spec.metrics()) {
        cells.add(results.cell(metric, published(results.trials(), metric)));
      }
    }
    return cells;
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

  /** Whether a group shows a defense, as far as its heading tells. */
  private boolean isDefended(List<String> column) {
    int axis = spec.columns().indexOf("defense");
    return axis < 0 || !column.get(axis).equals("none");
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
    Set<String> columns = Set.copyOf(spec.columns());
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
