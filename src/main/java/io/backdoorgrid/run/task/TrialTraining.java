package io.backdoorgrid.run.task;

import io.backdoorgrid.defense.UntrustedTraining;
import io.backdoorgrid.model.Classifier;
import java.util.random.RandomGenerator;

/** A victim's training set, and its architecture to train anew. */
class TrialTraining extends TrialUntrustedData implements UntrustedTraining {

  private final Classifier.Design design;

  TrialTraining(Assignment assignment) {
    super(assignment);
    this.design = assignment.victim().material().design();
  }

  @Override
  public final Classifier fresh(RandomGenerator random) {
    return Classifier.create(design, random);
  }
}
