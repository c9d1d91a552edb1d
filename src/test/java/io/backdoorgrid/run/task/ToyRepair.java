package io.backdoorgrid.run.task;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.defense.DataSizes;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.defense.UntrustedData;
import io.backdoorgrid.defense.UntrustedDataDefense;
import io.backdoorgrid.model.Classifier;

/** Repairs nothing, and trusts the images that the victim classifies as they are labeled. */
@Algorithm("toy-repair")
public record ToyRepair() implements UntrustedDataDefense {

  static void register() {
    Defenses.REGISTRY.add(new ToyRepair());
  }

  @Override
  public double imagePasses(DataSizes sizes) {
    return sizes.training() / 3;
  }

  @Override
  public void repair(Classifier victim, UntrustedData data) {
    int[] labels = data.images().labels();
    int[] predictions = victim.predict(data.images());
    boolean[] trusted = new boolean[labels.length];
    for (int i = 0; i < labels.length; i++) {
      trusted[i] = predictions[i] == labels[i];
    }
    data.observe(1, victim, trusted);
  }
}
