package io.backdoorgrid.attack;

/**
 * A way to plant a backdoor. Implementations are records whose components are hyperparameters.
 *
 * <p>Sealed along the threat model: what an attacker controls decides which methods exist.
 */
public sealed interface Attack permits NoAttack, BackdoorAttack {}
