package io.backdoorgrid.attack;

import io.backdoorgrid.algorithm.Algorithm;

/**
 * No backdoor: a clean model, which shows what a defense costs where there is nothing to repair.
 */
@Algorithm("none")
public record NoAttack() implements Attack {}
