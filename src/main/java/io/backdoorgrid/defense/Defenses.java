package io.backdoorgrid.defense;

import io.backdoorgrid.algorithm.Registry;
import java.util.Set;

/** The defenses that a grid file may name. */
public final class Defenses {

  public static final Registry<Defense> REGISTRY =
      new Registry<Defense>(
              defense -> defense instanceof CleanDataDefense ? Set.of("clean-ratio") : Set.of())
          .add(new NoDefense())
          .add(new FineTuning())
          .add(new Clp())
          .add(new Lpp())
          .add(new Wiper());

  private Defenses() {}
}
