package io.backdoorgrid.run.task;

import io.backdoorgrid.attack.Poisoning;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.defense.UntrustedData;
import io.backdoorgrid.model.Predictor;
import io.backdoorgrid.run.victim.Evaluator;
import io.backdoorgrid.store.Digest;
import io.backdoorgrid.store.ObjectKind;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.StoredObject;
import io.backdoorgrid.store.row.Row;
import java.util.LinkedHashMap;
import java.util.Map;

/** A victim's training set; what the evaluator sees on the way goes into the trial's row. */
class TrialUntrustedData extends TrialWorkspace implements UntrustedData {

  private final Poisoning poisoning;
  private final Evaluator evaluator;
  private final Store store;
  private final boolean kept;
  private final Map<String, Object> observations = new LinkedHashMap<>();
  private double observingSeconds;

  TrialUntrustedData(Assignment assignment) {
    super(assignment);
    this.poisoning = assignment.victim().poisoning();
    this.evaluator = assignment.victim().evaluator();
    this.store = assignment.store();
    this.kept = assignment.unfinished() == Unfinished.KEPT;
  }

  @Override
  public final LabeledImages images() {
    return poisoning.images();
  }

  /** Without what only the evaluator needed. */
  @Override
  final double secondsToAdd() {
    return super.secondsToAdd() - observingSeconds;
  }

  /** What the evaluator saw of each iteration. */
  @Override
  Map<String, Object> columns() {
    return observations;
  }

  @Override
  public final void observe(int iteration, Predictor predictor, boolean[] trusted) {
    long start = System.nanoTime();
    String id = Digest.brief(trial().id() + " iteration " + iteration);
    Map<String, Object> seen =
        store
            .object(ObjectKind.PHASE, id)
            .map(StoredObject::description)
            .orElseGet(() -> measured(predictor, trusted));
    if (kept) {
      store.commitObject(ObjectKind.PHASE, id, Map.of(), seen);
    }
    seen.forEach((name, value) -> observations.put(Row.ITERATION + iteration + "." + name, value));
    observingSeconds += (System.nanoTime() - start) / 1e9;
  }

  private Map<String, Object> measured(Predictor predictor, boolean[] trusted) {
    var seen = new LinkedHashMap<String, Object>();
    int count = 0;
    for (boolean one : trusted) {
      count += one ? 1 : 0;
    }
    int poisoned = 0;
    for (int i : poisoning.poisoned()) {
      poisoned += trusted[i] ? 1 : 0;
    }
    seen.put("trusted", count);
    seen.put("trusted-poisoned", poisoned);
    evaluator.measure(predictor).describe(seen);
    return seen;
  }
}
