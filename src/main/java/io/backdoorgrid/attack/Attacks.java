package io.backdoorgrid.attack;

import io.backdoorgrid.algorithm.Registry;
import java.util.Set;

/** The attacks that a grid file may name. */
public final class Attacks {

  public static final Registry<Attack> REGISTRY =
      new Registry<Attack>(attack -> attack instanceof NoAttack ? Set.of() : Set.of("poison-rate"))
          .add(new NoAttack())
          .add(new BadNets())
          .add("badnets-a2a", BadNets.allToAll())
          .add(new Blended())
          .add(new Sig())
          .add(new WaNet())
          .add(new Bpp())
          .add(new InputAware());

  private Attacks() {}
}
