package io.backdoorgrid.defense;

import io.backdoorgrid.algorithm.Registry;
import io.backdoorgrid.defense.cleandata.FineTuning;
import io.backdoorgrid.defense.datafree.Clp;
import io.backdoorgrid.defense.datafree.Lpp;
import io.backdoorgrid.defense.holder.HolderIteration;
import io.backdoorgrid.defense.holder.HolderPruning;
import io.backdoorgrid.defense.wiper.Wiper;
import io.backdoorgrid.defense.wiper.Wiper.Importance;
import io.backdoorgrid.defense.wiper.Wiper.Treatment;

/** The defenses that a grid file may name. */
public final class Defenses {

  public static final Registry<Defense> REGISTRY =
      new Registry<>(Defense::uses)
          .add(new NoDefense())
          .add(new FineTuning(), FineTuning.PRESETS)
          .add(new Clp(), Clp.PRESETS)
          .add(new Lpp())
          .add(new Wiper())
          // As the WIPER paper's table 2 has them.
          .add("wiper+bs", new Wiper(Importance.BS, Treatment.PURIFY))
          .add("wiper+am", new Wiper(Importance.AM, Treatment.PURIFY))
          .add("fp+bs", new Wiper(Importance.BS, Treatment.PRUNE))
          .add("fp+am", new Wiper(Importance.AM, Treatment.PRUNE))
          .add(new HolderPruning())
          .add(new HolderIteration());

  private Defenses() {}
}
