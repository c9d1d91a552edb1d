package io.backdoorgrid.attack;

import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.TrainingListener;
import java.util.random.RandomGenerator;

/**
 * An attacker who trains the network by a loop of its own, in which trigger and network may learn
 * from each other.
 *
 * <p>Defenses that train on the untrusted set themselves are handed what {@link Poisoning} makes
 * with the trigger that was learned.
 */
public non-sealed interface TrainingAttack extends BackdoorAttack {

  /**
   * Trains the victim.
   *
   * @param victim has fresh weights, and the backdoored ones afterwards
   * @param rate share of each epoch's images that get the trigger, 0 to 1
   * @param recipe of the grid; an attack that has a schedule of its own says so
   * @param random all randomness comes from here
   * @return the trigger that the victim has learned
   */
  Trigger train(
      Classifier victim,
      Knowledge knowledge,
      double rate,
      Recipe recipe,
      RandomGenerator random,
      TrainingListener listener);
}
