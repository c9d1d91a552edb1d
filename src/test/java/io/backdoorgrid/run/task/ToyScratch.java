package io.backdoorgrid.run.task;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.defense.DataSizes;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.defense.TrainingDefense;
import io.backdoorgrid.defense.UntrustedTraining;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Predictor;
import io.backdoorgrid.torch.SafeTensors;

/** Trains nothing: gives an untrained network, which it keeps. */
@Algorithm("toy-scratch")
public record ToyScratch() implements TrainingDefense {

  static void register() {
    Defenses.REGISTRY.add(new ToyScratch());
  }

  @Override
  public double imagePasses(DataSizes sizes) {
    return sizes.training();
  }

  @Override
  public Predictor train(UntrustedTraining training) {
    SafeTensors weights =
        training.once(
            "weights",
            random -> {
              try (Classifier fresh = training.fresh(random)) {
                return fresh.weights();
              }
            });
    training.findings().count("images", training.images().size());
    try (Classifier any = training.fresh(training.random("weights"))) {
      return Classifier.load(any.design(), weights);
    }
  }
}
