package io.backdoorgrid.attack;

import io.backdoorgrid.data.LabeledImages;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A planted backdoor, as the evaluator knows it.
 *
 * @param attack that planted it
 * @param trigger to which the network reacts
 */
public record Backdoor(BackdoorAttack attack, Trigger trigger) {

  /**
   * Triggered test images.
   *
   * @param images with the trigger, under their true labels
   * @param wanted the attacker's label of each
   * @param positions where the same images lie in the test set
   */
  public record Triggered(LabeledImages images, int[] wanted, int[] positions) {}

  /** The test images that count for ASR and RA, with the trigger on. */
  public Triggered trigger(LabeledImages test) {
    return trigger(test, trigger, attack.goal());
  }

  /** The images that count where a trigger has that goal, with the trigger on. */
  public static Triggered trigger(LabeledImages test, Trigger trigger, Goal goal) {
    int[] counted =
        IntStream.range(0, test.size()).filter(i -> goal.counts(test.labels()[i])).toArray();
    LabeledImages images = test.select(counted);
    trigger.apply(images, IntStream.range(0, images.size()).toArray());
    int[] wanted =
        IntStream.of(images.labels()).map(y -> goal.labelFor(y, test.classes())).toArray();
    return new Triggered(images, wanted, counted);
  }

  /** See {@link BackdoorAttack#crossTriggered}. */
  public Optional<LabeledImages> crossTriggered(LabeledImages images, RandomGenerator random) {
    return attack.crossTriggered(images, trigger, random);
  }

  /** See {@link BackdoorAttack#poisoning}. */
  public Poisoning poisoning(VictimTraining training) {
    return attack.poisoning(trigger, training);
  }
}
