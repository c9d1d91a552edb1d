package io.backdoorgrid.attack;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.data.batch.Batches;
import io.backdoorgrid.model.Classifier;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * An attacker who trains the network and composes every batch, with the same loss and recipe as any
 * other training.
 *
 * <p>Defenses that train on the untrusted set themselves receive what {@link Poisoning} makes with
 * the same trigger, as in the benchmarks: an attack that needs its own batches is weaker there.
 */
public non-sealed interface BatchAttack extends BackdoorAttack {

  /**
   * The trigger for images of that shape; all that is random about it comes from {@code random}.
   *
   * @throws IllegalArgumentException if it does not fit on them
   */
  Trigger trigger(ImageShape shape, RandomGenerator random);

  /**
   * The batches of one training. Triggers come before augmentation.
   *
   * @param images clean
   * @param rate share of each epoch's images that get the trigger, 0 to 1
   */
  Batches batches(LabeledImages images, Trigger trigger, double rate, Augmentation augmentation);

  @Override
  default String threatModel() {
    return "composes every batch";
  }

  @Override
  default Optional<Backdoor> plant(Classifier victim, VictimTraining training) {
    LabeledImages images = training.knowledge().images();
    Trigger trigger = trigger(images.shape(), training.random("trigger"));
    training.train(
        victim, batches(images, trigger, training.poisonRate(), training.recipe().augmentation()));
    return Optional.of(new Backdoor(this, trigger));
  }

  @Override
  default Optional<Backdoor> rehearse(VictimTraining training, Supplier<Classifier> fresh) {
    ImageShape shape = training.knowledge().images().shape();
    return Optional.of(new Backdoor(this, trigger(shape, training.random("trigger"))));
  }

  @Override
  default void check(ImageShape shape, int classes) {
    BackdoorAttack.super.check(shape, classes);
    trigger(shape, new Seed("check").stream("trigger"));
  }
}
