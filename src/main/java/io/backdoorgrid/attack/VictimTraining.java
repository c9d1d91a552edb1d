package io.backdoorgrid.attack;

import io.backdoorgrid.algorithm.RandomStream;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.AugmentedBatches;
import io.backdoorgrid.data.batch.Batches;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.Stateful;
import io.backdoorgrid.train.Checkpoints;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.Trainer;
import io.backdoorgrid.train.TrainingListener;
import java.util.LinkedHashMap;
import java.util.Map;

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
  RandomStream random(String purpose) {
    return seed.stream(purpose);
  }

  /** Trains as the recipe says. */
  void train(Classifier victim, LabeledImages images) {
    train(victim, new AugmentedBatches(images, recipe.augmentation()));
  }

  /** As above, on {@code batches} that bring their own augmentation. */
  void train(Classifier victim, Batches batches) {
    RandomStream random = random("training");
    trainer(recipe, listener, checkpoints, random, Map.of()).train(victim, batches, random);
  }

  /**
   * For an attack that trains by a recipe or a step of its own; with this one's checkpoints.
   *
   * @param random with which it will train
   * @param parts what else it remembers, see {@link Trainer}
   */
  public Trainer trainer(Recipe own, RandomStream random, Map<String, Stateful> parts) {
    return trainer(own, listener, checkpoints, random, parts);
  }

  /**
   * As above, for one of several phases.
   *
   * @param first epoch of the phase, all phases counted
   * @param epochs of all phases
   */
  public Trainer trainer(
      Recipe own, RandomStream random, Map<String, Stateful> parts, int first, int epochs) {
    return trainer(own, listener.within(first, epochs), checkpoints.from(first), random, parts);
  }

  /** Whether a killed training will go on behind so many epochs. */
  public boolean isPast(int epochs) {
    return checkpoints.from(epochs).latest().isPresent();
  }

  private static Trainer trainer(
      Recipe recipe,
      TrainingListener listener,
      Checkpoints checkpoints,
      RandomStream random,
      Map<String, Stateful> parts) {
    var all = new LinkedHashMap<>(parts);
    all.put("random", Trainer.drawn(random));
    return new Trainer(recipe, listener, checkpoints, all);
  }
}
