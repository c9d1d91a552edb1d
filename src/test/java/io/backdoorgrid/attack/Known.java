package io.backdoorgrid.attack;

import ai.djl.Device;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.data.batch.Augmentation.Flip;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.Trainer;
import io.backdoorgrid.train.TrainingListener;

/**
 * What an attacker knows in a test.
 *
 * @param network its copies are the surrogates; null where none is asked for
 */
public record Known(LabeledImages images, Classifier network) implements Knowledge, AutoCloseable {

  private static final Seed SEED = new Seed("known");

  /** Tinted images, and a tiny network that was trained on them. */
  public static Known tinted(ImageShape shape, int count) {
    LabeledImages images = ToyImages.tinted(shape, count, 1);
    Classifier network =
        Classifiers.fresh(
            Classifiers.design(
                new TinyNet(16, 3, true), shape, images.classes(), Precision.FLOAT32),
            "a1");
    var recipe = new Recipe(10, 32, 0.1, 0.9, 5e-4, RateSchedule.COSINE, 0, Flip.RANDOM);
    new Trainer(recipe, TrainingListener.NONE).train(network, images, SEED.stream("train"));
    return new Known(images, network);
  }

  @Override
  public Device device() {
    return Device.cpu();
  }

  @Override
  public Classifier surrogate() {
    return network.copy();
  }

  @Override
  public void close() {
    network.close();
  }
}
