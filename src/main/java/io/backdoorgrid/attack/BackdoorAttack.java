package io.backdoorgrid.attack;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
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

  @Override
  default Optional<Backdoor> readBackdoor(ImageShape shape, Supplier<SafeTensors> trigger) {
    return Optional.of(new Backdoor(this, readTrigger(shape, trigger.get())));
  }

  /**
   * The poisoned training set, the same whenever it is asked for: what a defense that trains is
   * handed.
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
   * Checks what the attack asks of a data set, the number of its images aside.
   *
   * @throws IllegalArgumentException if the target is none of the classes, or no trigger can be on
   *     images of that shape
   */
  default void check(ImageShape shape, int classes) {
    goal().check(classes);
  }

  @Override
  default Optional<String> obstacle(ImageShape shape, int[] classSizes, double poisonRate) {
    try {
      check(shape, classSizes.length);
    } catch (IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    }
    return goal().shortage(classSizes, poisonRate);
  }

  @Override
  default Set<String> uses() {
    return Set.of("poison-rate");
  }
}
