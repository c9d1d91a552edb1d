package io.backdoorgrid.attack;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.Recipe;
import java.util.Optional;
import java.util.random.RandomGenerator;

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

  /**
   * Reads a trigger of this attack back, as {@link Trigger#toTensors} stored it.
   *
   * @param shape of the images
   * @throws IllegalArgumentException if a tensor is missing or has another shape
   */
  Trigger readTrigger(ImageShape shape, SafeTensors tensors);

  /**
   * Images with a change like the trigger's that is not theirs, such as another image's pattern,
   * under their true labels; a network that takes them for what the attacker wants has learned to
   * see any such change, not the trigger.
   *
   * @param images left as they are
   * @param trigger of a victim of this attack
   * @param random for what differs between images
   * @return empty for an attack that knows no such change
   */
  default Optional<LabeledImages> crossTriggered(
      LabeledImages images, Trigger trigger, RandomGenerator random) {
    return Optional.empty();
  }

  /**
   * What making the trigger and training the victim take in the main, surrogates aside.
   *
   * @param recipe of the grid; an attack that has a schedule of its own says so
   * @return billions of multiplications
   */
  default double gigaMultiplications(Scale scale, Recipe recipe) {
    return scale.training(recipe.epochs());
  }

  /** Whether {@link Knowledge#surrogate} will be asked for. */
  default boolean usesSurrogate() {
    return false;
  }
}
