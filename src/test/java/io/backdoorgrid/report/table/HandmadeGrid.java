package io.backdoorgrid.report.table;

import io.backdoorgrid.grid.Axes;
import io.backdoorgrid.grid.HandmadeCells;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.TableSpec;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.TrialId;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.grid.VictimId;
import io.backdoorgrid.metric.Metric;
import io.backdoorgrid.metric.Metrics;
import io.backdoorgrid.report.published.Published;
import io.backdoorgrid.store.Failure;
import io.backdoorgrid.store.Failure.Kind;
import io.backdoorgrid.store.row.Row;
import io.backdoorgrid.store.row.Rows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A plan and its results, made by hand. */
public final class HandmadeGrid {
  /** In percent, of every undefended model whose row says nothing else. */
  static final double VICTIM_ACC = 94;

  final Map<String, Row> rows = new HashMap<>();
  final Map<String, Failure> failures = new HashMap<>();
  final Map<VictimId, String> skipped = new HashMap<>();
  final List<Rows.Damaged> damaged = new ArrayList<>();
  final List<String> caption = new ArrayList<>();
  Optional<Published> published = Optional.empty();

  private final List<Trial> trials = new ArrayList<>();
  private final TableSpec table;

  HandmadeGrid(List<String> rows, List<String> columns, Metric... metrics) {
    this(
        new TableSpec(
            rows, columns, List.of(metrics), Optional.empty(), TableSpec.DEFAULT.boldWithin()));
  }

  HandmadeGrid(TableSpec table) {
    this.table = table;
  }

  public static Spec spec(String name, Object... parameters) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < parameters.length; i += 2) {
      map.put((String) parameters[i], parameters[i + 1]);
    }
    return new Spec(name, 1, map);
  }

  public static Victim victim(String attack, double rate, long seed) {
    return victim(spec("cifar10"), spec("resnet18"), spec(attack), rate, seed);
  }

  static Victim victim(Spec dataset, Spec model, Spec attack, double rate, long seed) {
    return HandmadeCells.victim(
        new VictimId(Objects.hash(dataset, model, attack, rate, seed)),
        dataset,
        model,
        attack,
        rate,
        spec("sgd", "epochs", 150L),
        0.05,
        0,
        "auto",
        seed);
  }

  /** Plans a trial without a result. */
  Trial plan(Victim victim, Spec defense, double cleanRatio) {
    return plan(victim, defense, Spec.NONE, cleanRatio);
  }

  Trial plan(Victim victim, Spec defense, Spec extractor, double cleanRatio) {
    Trial trial =
        HandmadeCells.trial(new TrialId(trials.size() + 1), victim, defense, extractor, cleanRatio);
    trials.add(trial);
    return trial;
  }

  Trial plan(String attack, String defense) {
    return plan(victim(attack, 0.1, 0), spec(defense), 0);
  }

  /** A result in the order of the metrics; NaN where a metric is not defined. */
  void finish(Trial trial, double... values) {
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put(Metrics.ACC.victimColumn(), VICTIM_ACC);
    for (int i = 0; i < values.length; i++) {
      columns.put(table.metrics().get(i).name(), values[i]);
    }
    finish(trial, columns);
  }

  /** A result of some columns. */
  void finish(Trial trial, Map<String, Object> columns) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put(Row.TRIAL, trial.id());
    row.putAll(columns);
    rows.put(trial.id().toString(), Row.of(row));
  }

  void skip(Trial trial, String reason) {
    skipped.put(trial.victim().id(), reason);
  }

  void fail(Trial trial, Kind kind, String message) {
    String id = trial.id().toString();
    failures.put(id, new Failure(id, "0".repeat(16), kind, message, "here", 0, ""));
  }

  Table build() {
    return Tables.build(asPlan(), rows, failures, damaged, published);
  }

  Plan asPlan() {
    return new Plan(Axes.STANDARD, "paper/table1", trials, skipped, 0, 0, table, caption, Map.of());
  }

  String terminal() {
    return TerminalTable.PLAIN.render(build());
  }
}
