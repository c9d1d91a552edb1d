package io.backdoorgrid.run.victim;

import ai.djl.Device;
import io.backdoorgrid.attack.Knowledge;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.train.TrainingListener;

/** What the attacker of a victim knows; a surrogate that the store lacks is trained. */
record CleanKnowledge(
    Victim victim,
    Material material,
    Environment environment,
    Store store,
    TrainingListener listener)
    implements Knowledge {

  @Override
  public LabeledImages images() {
    return material.victimImages();
  }

  @Override
  public Device device() {
    return material.design().device();
  }

  @Override
  public Classifier surrogate() {
    Victim clean = CleanVictims.like(victim);
    Material its = Material.of(clean, environment, device());
    try (TrainedVictim trained = TrainedVictim.obtain(clean, its, environment, store, listener)) {
      return trained.classifier().copy();
    }
  }
}
