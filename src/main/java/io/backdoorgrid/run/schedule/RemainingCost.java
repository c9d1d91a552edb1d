package io.backdoorgrid.run.schedule;

import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.grid.VictimId;
import io.backdoorgrid.run.host.Slots;
import io.backdoorgrid.run.task.Outcome;
import io.backdoorgrid.run.victim.CleanVictims;
import io.backdoorgrid.run.victim.ExtractorSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The time that the rest of a run takes: the multiplications that are left, by kind, at the speed
 * of finished work of the same kind. Cells differ by orders of magnitude, so counting them would be
 * misleading.
 */
public final class RemainingCost {

  private final CostModel costs;
  private final Map<String, Double> billions = new HashMap<>();
  private final Map<VictimId, Integer> trialsLeft = new HashMap<>();
  private final Set<VictimId> toTrain = new HashSet<>();
  private final Set<List<Object>> toExtract = new HashSet<>();

  public RemainingCost(PlanStatus workload) {
    costs = CostModel.of(workload.plan().trials(), workload.rows());
    for (Trial trial : workload.pending()) {
      add(CostModel.work(trial), 1);
      trialsLeft.merge(trial.victim().id(), 1, Integer::sum);
    }
    for (Victim victim : workload.victimsToTrain()) {
      add(CostModel.work(victim), 1);
      toTrain.add(victim.id());
    }
    for (Trial trial : workload.extractorsToTrain()) {
      add(CostModel.extraction(trial), 1);
      toExtract.add(extractor(trial));
    }
  }

  private void add(Cost cost, int sign) {
    cost.billions().forEach((kind, more) -> billions.merge(kind, sign * more, Double::sum));
  }

  private static List<Object> extractor(Trial trial) {
    return List.of(trial.victim().id(), trial.extractor());
  }

  /** A trial ended, and all that it needed was there by then. */
  public void ended(Trial trial, Outcome outcome) {
    if (outcome instanceof Outcome.Finished finished) {
      costs.learn(trial, finished.row());
    }
    add(CostModel.work(trial), -1);
    trialsLeft.computeIfPresent(trial.victim().id(), (id, left) -> left == 1 ? null : left - 1);
    trained(trial.victim());
    CleanVictims.surrogate(trial.victim()).ifPresent(this::trained);
    if (trial.usesExtractor()) {
      ExtractorSource.of(trial.victim(), trial.extractor()).donor().ifPresent(this::trained);
      if (toExtract.remove(extractor(trial))) {
        add(CostModel.extraction(trial), -1);
      }
    }
  }

  private void trained(Victim victim) {
    if (toTrain.remove(victim.id())) {
      add(CostModel.work(victim), -1);
    }
  }

  /** How many trials of a victim have not ended. */
  public int trialsLeft(Victim victim) {
    return trialsLeft.getOrDefault(victim.id(), 0);
  }

  /** Whether work of each kind that is left has been measured. */
  boolean isOfKnownKinds() {
    return billions.entrySet().stream()
        .allMatch(kind -> kind.getValue() <= 0 || costs.knows(kind.getKey()));
  }

  /**
   * Seconds until the end, if nothing of what runs just now were done yet. Victims run side by
   * side, the trials of one mostly do not.
   *
   * @return empty as long as no trial of the plan has ended, since a rule of thumb may be wrong by
   *     a factor of ten
   */
  public OptionalDouble seconds(Slots slots) {
    return costs.learned() ? OptionalDouble.of(secondsByAnything(slots)) : OptionalDouble.empty();
  }

  /** As above; by a rule of thumb if nothing better is known. */
  double secondsByAnything(Slots slots) {
    int sideBySide = Math.max(1, Math.min(slots.tasks(), trialsLeft.size()));
    double work = costs.seconds(new Cost(billions));
    return Math.max(0, work) / (sideBySide * slots.threads());
  }
}
