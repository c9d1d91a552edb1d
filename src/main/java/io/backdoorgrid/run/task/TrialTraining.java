package io.backdoorgrid.run.task;

import io.backdoorgrid.defense.UntrustedTraining;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.run.victim.TrainedVictim;
import io.backdoorgrid.store.Store;
import java.util.random.RandomGenerator;

/** A victim's training set, and its architecture to train anew. */
class TrialTraining extends TrialUntrustedData implements UntrustedTraining {

  private final Classifier.Design design;

  TrialTraining(
      Trial trial, TrainedVictim victim, Store store, RunningNote note, boolean readOnly) {
    super(trial, victim, store, note, readOnly);
    this.design = victim.material().design();
  }

  @Override
  public final Classifier fresh(RandomGenerator random) {
    return Classifier.create(design, random);
  }
}
