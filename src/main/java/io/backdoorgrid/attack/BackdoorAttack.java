package io.backdoorgrid.attack;

/**
 * An attack with a trigger, and with a label which that trigger should cause.
 *
 * <p>Its kinds differ in what the attacker controls: some of the training images, every batch, or
 * the whole training.
 */
public sealed interface BackdoorAttack extends Attack
    permits PoisoningAttack, BatchAttack, TrainingAttack {

  /** Which label the trigger should cause. */
  Goal goal();

  /** Whether {@link Knowledge#surrogate} will be asked for. */
  default boolean usesSurrogate() {
    return false;
  }
}
