package io.backdoorgrid.run.task;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.defense.CleanData;
import io.backdoorgrid.defense.HoldOut;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.run.victim.TrainedVictim;
import io.backdoorgrid.store.Store;

/** The clean images that a trial's defense may see. */
final class TrialCleanData extends TrialWorkspace implements CleanData {

  private final LabeledImages images;
  private final Seed seed;

  TrialCleanData(Trial trial, TrainedVictim victim, Store store, RunningNote note) {
    super(trial, victim, store, note, false);
    this.images = victim.material().cleanImages(trial.cleanRatio());
    this.seed = victim.material().seed();
  }

  @Override
  public LabeledImages images() {
    return images;
  }

  @Override
  public HoldOut holdOut(double share) {
    return HoldOut.of(images, share, seed.stream("validation"));
  }
}
