package io.backdoorgrid.attack;

import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * An attacker who controls some training images and their labels, but not the training; {@link
 * Poisoning} describes the whole attack.
 */
public non-sealed interface PoisoningAttack extends BackdoorAttack {

  /** The trigger; all that is random about it comes from {@code random}. */
  Trigger trigger(Knowledge knowledge, RandomGenerator random);

  /**
   * Prepares the training images that are poisoned: they get the trigger, as test images do, unless
   * an attack does otherwise. Labels are changed elsewhere.
   *
   * @param images changed in place at {@code positions}; an attack may change others, too, which
   *     keep their labels and do not count as poisoned
   * @param random for what differs between images
   */
  default void prepare(
      LabeledImages images,
      int[] positions,
      Trigger trigger,
      Knowledge knowledge,
      RandomGenerator random) {
    trigger.apply(images, positions);
  }

  @Override
  default String threatModel() {
    return "poisons training images";
  }

  @Override
  default Optional<Backdoor> plant(Classifier victim, VictimTraining training) {
    Backdoor backdoor = backdoor(training);
    training.train(victim, backdoor.poisoning(training).images());
    return Optional.of(backdoor);
  }

  @Override
  default Optional<Backdoor> rehearse(VictimTraining training, Supplier<Classifier> fresh) {
    return Optional.of(backdoor(training));
  }

  private Backdoor backdoor(VictimTraining training) {
    return new Backdoor(this, trigger(training.knowledge(), training.random("trigger")));
  }

  @Override
  default Poisoning poisoning(Trigger trigger, VictimTraining training) {
    Knowledge knowledge = training.knowledge();
    return Poisoning.of(
        knowledge.images(),
        (images, positions, random) -> prepare(images, positions, trigger, knowledge, random),
        goal(),
        training.poisonRate(),
        training.random("poison"));
  }
}
