package io.backdoorgrid.attack;

import io.backdoorgrid.algorithm.Algorithm;

/**
 * No backdoor: a clean model, which shows what a defense costs where there is nothing to repair.
 */
@Algorithm(NoAttack.NAME)
public record NoAttack() implements Attack {

  /** As grid files have it. */
  public static final String NAME = "none";
}
