package io.backdoorgrid.attack;

import io.backdoorgrid.data.ImageShape;
import java.util.random.RandomGenerator;

/**
 * An attacker who controls some training images and their labels, not the training.
 *
 * <p>Implementations say what the trigger looks like and which label it should cause; {@link
 * Poisoning} does the rest.
 */
public non-sealed interface PoisoningAttack extends Attack {

  /**
   * The trigger for images of that shape; all that is random about it comes from {@code random}.
   */
  Trigger trigger(ImageShape shape, RandomGenerator random);

  /** Which label the trigger should cause. */
  Goal goal();
}
