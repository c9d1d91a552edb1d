package io.backdoorgrid.attack;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Batches;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.Trainer;
import io.backdoorgrid.train.TrainingListener;
import java.util.random.RandomGenerator;

/**
 * The training of one victim, as its attack finds it.
 *
 * @param knowledge what the attacker has
 * @param poisonRate share of the training images that gets the trigger, 0 to 1; in an attack that
 *     puts batches together, of each epoch's images
 * @param recipe of the grid
 * @param seed of everything random about the victim
 * @param listener is told how far the training is
 */
public record VictimTraining(
    Knowledge knowledge, double poisonRate, Recipe recipe, Seed seed, TrainingListener listener) {

  /** The same numbers again each time, for each purpose others. */
  RandomGenerator random(String purpose) {
    return seed.stream(purpose);
  }

  /** Trains as the recipe says. */
  void train(Classifier victim, LabeledImages images) {
    new Trainer(recipe, listener).train(victim, images, random("training"));
  }

  /** As above, on {@code batches} that bring their own augmentation. */
  void train(Classifier victim, Batches batches) {
    new Trainer(recipe, listener).train(victim, batches, random("training"));
  }
}
