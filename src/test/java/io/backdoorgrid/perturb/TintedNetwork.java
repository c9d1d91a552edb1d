package io.backdoorgrid.perturb;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation.Flip;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.Trainer;
import io.backdoorgrid.train.TrainingListener;

/** A tiny network that was trained on tinted images of three classes. */
public final class TintedNetwork {

  private TintedNetwork() {}

  public static Classifier trainedOn(LabeledImages images) {
    Classifier network =
        Classifiers.fresh(
            Classifiers.design(
                new TinyNet(16, 3, true), images.shape(), images.classes(), Precision.FLOAT32),
            "a1");
    var recipe = new Recipe(10, 32, 0.1, 0.9, 5e-4, RateSchedule.COSINE, 0, Flip.RANDOM);
    new Trainer(recipe, TrainingListener.NONE)
        .train(network, images, new Seed("known").stream("train"));
    return network;
  }
}
