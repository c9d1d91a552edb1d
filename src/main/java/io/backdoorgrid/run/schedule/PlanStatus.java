package io.backdoorgrid.run.schedule;

import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.run.victim.CleanVictims;
import io.backdoorgrid.run.victim.ExtractorSource;
import io.backdoorgrid.store.Failure;
import io.backdoorgrid.store.ObjectKind;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.row.Provenance;
import io.backdoorgrid.store.row.Row;
import io.backdoorgrid.store.row.Rows;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A plan and what the store already has of it.
 *
 * @param plan everything that was asked for
 * @param rows finished trials of the plan, by id, with those columns that tables and estimates need
 * @param damaged files of results that cannot be trusted; their trials are pending
 * @param failures trials of the plan that ended in a failure, by id
 * @param pending trials that are neither, in the plan's order
 * @param victimsToTrain victims of pending trials that are not in the store, and clean ones that
 *     they need, for their features or as surrogates of an attack
 * @param extractorsToTrain a pending trial for each self-supervised extractor that is not in the
 *     store
 */
public record PlanStatus(
    Plan plan,
    Map<String, Row> rows,
    List<Rows.Damaged> damaged,
    Map<String, Failure> failures,
    List<Trial> pending,
    List<Victim> victimsToTrain,
    List<Trial> extractorsToTrain) {

  /** What there is. */
  public static PlanStatus of(Plan plan, Store store) {
    return of(plan, store, failure -> true);
  }

  /**
   * What there is, as a run takes it up: trials of which the reason to fail may be gone are
   * pending.
   *
   * @param retryFailed whether all failed trials are
   */
  public static PlanStatus toRun(Plan plan, Store store, boolean retryFailed) {
    return of(plan, store, failure -> !retryFailed && !failure.kind().mayBeGone());
  }

  private static PlanStatus of(Plan plan, Store store, Predicate<Failure> lasts) {
    Map<String, Failure> failures = store.failures();
    failures.values().removeIf(lasts.negate());
    return of(
        plan,
        store.rows(columns(plan)),
        failures,
        store.objects(ObjectKind.VICTIM),
        store.objects(ObjectKind.EXTRACTOR));
  }

  /** What tables and estimates look at. */
  private static Set<String> columns(Plan plan) {
    var columns = new HashSet<>(plan.table().measurements());
    columns.addAll(CostModel.COLUMNS);
    columns.addAll(Provenance.columns());
    columns.add(Row.CHANCE);
    return columns;
  }

  /** A plan of which nothing is done. */
  public static PlanStatus untouched(Plan plan) {
    return of(plan, new Rows(Map.of(), List.of()), Map.of(), Set.of(), Set.of());
  }

  private static PlanStatus of(
      Plan plan,
      Rows read,
      Map<String, Failure> failures,
      Set<String> victims,
      Set<String> extractors) {
    Map<String, Row> rows = read.byTrial();
    var finished = new LinkedHashMap<String, Row>();
    var failed = new LinkedHashMap<String, Failure>();
    var pending = new ArrayList<Trial>();
    for (Trial trial : plan.trials()) {
      String id = trial.id().toString();
      if (rows.containsKey(id)) {
        finished.put(id, rows.get(id));
      } else if (failures.containsKey(id)) {
        failed.put(id, failures.get(id));
      } else {
        pending.add(trial);
      }
    }
    List<Trial> extracting = onePerExtractor(pending);
    Predicate<Victim> isMissing = victim -> !victims.contains(victim.id().toString());
    List<Victim> asked = pending.stream().map(Trial::victim).distinct().filter(isMissing).toList();
    List<Victim> missing =
        Stream.of(
                asked.stream(),
                asked.stream().flatMap(victim -> CleanVictims.surrogate(victim).stream()),
                extracting.stream()
                    .flatMap(t -> ExtractorSource.of(t.victim(), t.extractor()).donor().stream()))
            .flatMap(needed -> needed)
            .distinct()
            .filter(isMissing)
            .toList();
    return new PlanStatus(
        plan,
        finished,
        read.damaged(),
        failed,
        List.copyOf(pending),
        missing,
        untrained(extracting, extractors));
  }

  private static List<Trial> onePerExtractor(List<Trial> trials) {
    var seen = new HashSet<List<Object>>();
    return trials.stream()
        .filter(Trial::usesExtractor)
        .filter(trial -> seen.add(List.of(trial.victim().id(), trial.extractor())))
        .toList();
  }

  private static List<Trial> untrained(List<Trial> extracting, Set<String> stored) {
    return extracting.stream()
        .filter(
            trial ->
                ExtractorSource.of(trial.victim(), trial.extractor())
                    .id()
                    .filter(id -> !stored.contains(id))
                    .isPresent())
        .toList();
  }

  /** The state of a trial in one word. */
  public String mark(Trial trial) {
    if (plan.isSkipped(trial)) {
      return "skip  ";
    }
    String id = trial.id().toString();
    return rows.containsKey(id) ? "done  " : failures.containsKey(id) ? "failed" : "to do ";
  }

  /** Seconds of one thread for all that is pending. */
  public double pendingSeconds(CostModel costs) {
    return victimsToTrain.stream().mapToDouble(costs::seconds).sum()
        + extractorsToTrain.stream().mapToDouble(costs::extractorSeconds).sum()
        + pending.stream().mapToDouble(costs::seconds).sum();
  }
}
