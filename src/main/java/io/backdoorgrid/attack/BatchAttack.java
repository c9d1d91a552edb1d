package io.backdoorgrid.attack;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.data.batch.Batches;
import java.util.random.RandomGenerator;

/**
 * An attacker who trains the network and puts every batch together, by the same loss and recipe as
 * any other training.
 *
 * <p>Defenses that train on the untrusted set themselves are handed what {@link Poisoning} makes
 * with the same trigger, as in the benchmarks: an attack that needs its own batches is weaker
 * there.
 */
public non-sealed interface BatchAttack extends BackdoorAttack {

  /**
   * The trigger for images of that shape; all that is random about it comes from {@code random}.
   */
  Trigger trigger(ImageShape shape, RandomGenerator random);

  /**
   * The batches of one training. Triggers come before augmentation.
   *
   * @param images clean
   * @param rate share of each epoch's images that get the trigger, 0 to 1
   */
  Batches batches(LabeledImages images, Trigger trigger, double rate, Augmentation augmentation);
}
