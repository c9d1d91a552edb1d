package io.backdoorgrid.defense;

import io.backdoorgrid.algorithm.Registry;
import java.util.Set;

/** The defenses that a grid file may name. */
public final class Defenses {

  public static final Registry<Defense> REGISTRY =
      new Registry<>(Defenses::uses)
          .add(new NoDefense())
          .add(new FineTuning())
          .add(new Clp())
          .add(new Lpp())
          .add(new Wiper())
          .add(new HolderPruning())
          .add(new HolderIteration());

  private Defenses() {}

  private static Set<String> uses(Defense defense) {
    if (defense instanceof CleanDataDefense) {
      return Set.of("clean-ratio");
    }
    return defense instanceof TrainingDefense ? Set.of("extractor") : Set.of();
  }
}
