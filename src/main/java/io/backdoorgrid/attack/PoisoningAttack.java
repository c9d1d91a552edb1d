package io.backdoorgrid.attack;

import io.backdoorgrid.data.LabeledImages;
import java.util.random.RandomGenerator;

/**
 * An attacker who controls some training images and their labels, not the training: {@link
 * Poisoning} is all there is to it.
 */
public non-sealed interface PoisoningAttack extends BackdoorAttack {

  /** The trigger; all that is random about it comes from {@code random}. */
  Trigger trigger(Knowledge knowledge, RandomGenerator random);

  /**
   * What becomes of the training images that are poisoned: they get the trigger, as test images do,
   * unless an attack prepares them otherwise. Labels are not its business.
   *
   * @param images changed in place at {@code positions}; an attack may change others, too, which
   *     keep their labels and do not count as poisoned
   * @param random for what differs between images
   */
  default void plant(
      LabeledImages images,
      int[] positions,
      Trigger trigger,
      Knowledge knowledge,
      RandomGenerator random) {
    trigger.apply(images, positions);
  }
}
