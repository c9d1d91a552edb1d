package io.backdoorgrid.attack;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * An attack with a trigger and with a label that the trigger should cause.
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

  @Override
  default Optional<Backdoor> readBackdoor(ImageShape shape, Supplier<SafeTensors> trigger) {
    return Optional.of(new Backdoor(this, readTrigger(shape, trigger.get())));
  }

  /**
   * The poisoned training set for defenses that train; the same on every call.
   *
   * @param trigger of a victim of this attack
   * @param training by which that victim was made
   */
  default Poisoning poisoning(Trigger trigger, VictimTraining training) {
    return Poisoning.of(
        training.knowledge().images(),
        trigger,
        goal(),
        training.poisonRate(),
        training.random("poison"));
  }

  /**
   * Images with a change similar to the trigger, such as another image's pattern, under their true
   * labels. A network that classifies them as the attacker wants has learned to react to any such
   * change, not to the trigger.
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
   * Checks all requirements of the attack on a data set except the number of images.
   *
   * @throws IllegalArgumentException if the target is none of the classes, or no trigger fits on
   *     images of that shape
   */
  default void check(ImageShape shape, int classes) {
    goal().check(classes);
  }

  @Override
  default Optional<String> obstacle(
      ImageShape shape, int[] classSizes, int images, double poisonRate) {
    try {
      check(shape, classSizes.length);
    } catch (IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    }
    return Poisoning.nothing(images, poisonRate).or(() -> goal().shortage(classSizes, poisonRate));
  }

  @Override
  default Set<String> uses() {
    return Set.of("poison-rate");
  }
}
