package io.backdoorgrid.attack;

import io.backdoorgrid.algorithm.RandomStream;
import io.backdoorgrid.model.Classifier;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An attacker who trains the network by a loop of its own, in which trigger and network may learn
 * from each other.
 *
 * <p>Defenses that train on the untrusted set themselves receive what {@link Poisoning} makes with
 * the learned trigger.
 */
public non-sealed interface TrainingAttack extends BackdoorAttack {

  /**
   * Trains the victim.
   *
   * @param victim a network with fresh weights, which are backdoored afterwards
   * @param training whose recipe an attack may replace by a schedule of its own
   * @param random all randomness comes from here
   * @return the trigger that the victim has learned
   */
  Trigger train(Classifier victim, VictimTraining training, RandomStream random);

  @Override
  default String threatModel() {
    return "trains the network";
  }

  @Override
  default Optional<Backdoor> plant(Classifier victim, VictimTraining training) {
    return Optional.of(new Backdoor(this, train(victim, training, training.random("training"))));
  }

  @Override
  default Optional<Backdoor> rehearse(VictimTraining training, Supplier<Classifier> fresh) {
    try (Classifier victim = fresh.get()) {
      return plant(victim, training);
    }
  }
}
