package io.backdoorgrid.defense.cleandata;

import ai.djl.ndarray.NDManager;
import io.backdoorgrid.defense.CleanData;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.train.Descent;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.Trainer;

/** Fine-tuning of a network that stays pruned. */
final class PrunedTuning {

  private PrunedTuning() {}

  /**
   * Fine-tunes on the clean images.
   *
   * @param prune zeroes once more what is pruned; called after each step
   */
  static void run(Classifier network, CleanData data, Recipe recipe, Runnable prune) {
    try (NDManager manager = network.manager().newSubManager()) {
      var descent =
          new Descent(manager, network.trainable(), recipe, Descent.crossEntropy(network, 0));
      new Trainer(recipe, data.progress("fine-tuning"))
          .train(
              network,
              data.images(),
              data.random("defense"),
              batch -> {
                float loss = descent.take(batch);
                prune.run();
                return loss;
              });
    }
  }
}
