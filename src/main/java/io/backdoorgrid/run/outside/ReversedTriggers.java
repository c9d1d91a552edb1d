package io.backdoorgrid.run.outside;

import io.backdoorgrid.algorithm.Hyperparameters;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.defense.Findings;
import io.backdoorgrid.defense.cleanse.NeuralCleanse;
import io.backdoorgrid.model.Classifier;
import java.util.Map;

/** The smallest patches that lead a network to its classes, as Neural Cleanse finds them. */
public final class ReversedTriggers {

  private ReversedTriggers() {}

  /**
   * @param network left as it is
   * @return sizes, anomaly indices and successes by class, and the triggers of suspected ones as
   *     pictures; see {@link NeuralCleanse}
   */
  public static Findings of(Classifier network, LabeledImages images) {
    // Only what it finds is wanted: what it unlearns is dropped.
    var cleanse = Hyperparameters.with(new NeuralCleanse(), Map.of("epochs", 1));
    try (Classifier copy = network.copy()) {
      return Repair.of(cleanse, copy, images).findings();
    }
  }
}
