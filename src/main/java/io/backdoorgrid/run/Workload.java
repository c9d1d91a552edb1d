package io.backdoorgrid.run;

import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.store.Failure;
import io.backdoorgrid.store.Row;
import io.backdoorgrid.store.Store;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A plan beside what the store already has of it.
 *
 * @param plan everything that was asked for
 * @param rows finished trials of the plan, by id
 * @param failures trials of the plan that ended in a failure, by id
 * @param pending trials that are neither, in the plan's order
 * @param victimsToTrain victims of pending trials that are not in the store
 */
public record Workload(
    Plan plan,
    Map<String, Row> rows,
    Map<String, Failure> failures,
    List<Trial> pending,
    List<Victim> victimsToTrain) {

  /**
   * @param retryFailed whether failed trials are pending again
   */
  public static Workload of(Plan plan, Store store, boolean retryFailed) {
    Map<String, Row> rows = store.rows().byTrial();
    Map<String, Failure> failures = retryFailed ? Map.of() : store.failures();
    Set<String> victims = store.victims();

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
    List<Victim> missing =
        pending.stream()
            .map(Trial::victim)
            .distinct()
            .filter(victim -> !victims.contains(victim.id().toString()))
            .toList();
    return new Workload(plan, finished, failed, List.copyOf(pending), missing);
  }

  /** One word for how far a trial is. */
  public String mark(Trial trial) {
    String id = trial.id().toString();
    return rows.containsKey(id) ? "done  " : failures.containsKey(id) ? "failed" : "to do ";
  }

  /** Seconds of one thread for all that is pending. */
  public double pendingSeconds(CostModel costs) {
    return victimsToTrain.stream().mapToDouble(costs::seconds).sum()
        + pending.stream().mapToDouble(costs::seconds).sum();
  }
}
