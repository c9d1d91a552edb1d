package io.backdoorgrid.defense;

import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.prune.KernelNorms;
import java.util.random.RandomGenerator;

/** Repairs a copy of a victim, as a run does. */
public final class Repaired {

  private Repaired() {}

  public static Classifier by(DataFreeDefense defense, Classifier victim) {
    Classifier copy = victim.copy();
    defense.repair(copy, new KernelNorms(copy.units()));
    return copy;
  }

  public static Classifier by(
      CleanDataDefense defense, Classifier victim, LabeledImages clean, RandomGenerator random) {
    Classifier copy = victim.copy();
    defense.repair(copy, clean, random);
    return copy;
  }
}
