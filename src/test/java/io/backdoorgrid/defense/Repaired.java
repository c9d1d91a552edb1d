package io.backdoorgrid.defense;

import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;

/** Repairs a copy of a victim, as a run does. */
public final class Repaired {

  private Repaired() {}

  public static Classifier by(DataFreeDefense defense, Classifier victim) {
    Classifier copy = victim.copy();
    defense.repair(copy, new LoneWeights(copy));
    return copy;
  }

  public static Classifier by(
      CleanDataDefense defense, Classifier victim, LabeledImages clean, String seed) {
    Classifier copy = victim.copy();
    defense.repair(copy, new GivenImages(clean, seed));
    return copy;
  }

  /** What a defense learned of a victim besides the repaired copy. */
  public static Findings findings(DataFreeDefense defense, Classifier victim) {
    var given = new LoneWeights(victim);
    try (Classifier copy = victim.copy()) {
      defense.repair(copy, given);
    }
    return given.findings();
  }
}
