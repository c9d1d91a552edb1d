package io.backdoorgrid.run.task;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.defense.CleanData;
import io.backdoorgrid.defense.HoldOut;
import io.backdoorgrid.run.victim.Material;

/** The clean images that a trial's defense may see. */
final class TrialCleanData extends TrialWorkspace implements CleanData {

  private final LabeledImages images;
  private final Seed seed;

  TrialCleanData(Assignment assignment) {
    super(assignment);
    Material material = assignment.victim().material();
    this.images = material.cleanImages(assignment.trial().cleanRatio());
    this.seed = material.seed();
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
