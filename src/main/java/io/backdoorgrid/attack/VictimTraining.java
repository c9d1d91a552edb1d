package io.backdoorgrid.attack;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Batches;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.train.Checkpoints;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.Trainer;
import io.backdoorgrid.train.TrainingListener;
import java.util.random.RandomGenerator;

/**
 * The training of one victim, for its attack.
 *
 * @param knowledge what the attacker knows
 * @param poisonRate share of the training images that gets the trigger, 0 to 1; in an attack that
 *     composes batches, of each epoch's images
 * @param recipe of the grid
 * @param seed of everything random about the victim
 * @param listener is told about the training's progress
 * @param checkpoints with which a killed training goes on
 */
public record VictimTraining(
    Knowledge knowledge,
    double poisonRate,
    Recipe recipe,
    Seed seed,
    TrainingListener listener,
    Checkpoints checkpoints) {

  /** A generator that gives the same numbers each time, and others for each purpose. */
  RandomGenerator random(String purpose) {
    return seed.stream(purpose);
  }

  /** Trains as the recipe says. */
  void train(Classifier victim, LabeledImages images) {
    new Trainer(recipe, listener, checkpoints).train(victim, images, random("training"));
  }

  /** As above, on {@code batches} that bring their own augmentation. */
  void train(Classifier victim, Batches batches) {
    new Trainer(recipe, listener, checkpoints).train(victim, batches, random("training"));
  }
}
