package io.backdoorgrid.attack;

/**
 * An attacker who controls some training images and their labels, not the training: {@link
 * Poisoning} is all there is to it.
 */
public non-sealed interface PoisoningAttack extends BackdoorAttack {}
