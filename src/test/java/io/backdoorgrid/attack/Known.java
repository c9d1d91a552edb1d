package io.backdoorgrid.attack;

import ai.djl.Device;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.perturb.TintedNetwork;
import io.backdoorgrid.train.Checkpoints;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.TrainingListener;

/**
 * What an attacker knows in a test.
 *
 * @param network its copies are the surrogates; null where none is asked for
 */
public record Known(LabeledImages images, Classifier network) implements Knowledge, AutoCloseable {

  /** Tinted images, and a tiny network that was trained on them. */
  public static Known tinted(ImageShape shape, int count) {
    LabeledImages images = ToyImages.tinted(shape, count, 1);
    return new Known(images, TintedNetwork.trainedOn(images));
  }

  /** A training with this knowledge, whose random draws come from {@code seed}. */
  public VictimTraining training(
      double poisonRate, Recipe recipe, String seed, TrainingListener listener) {
    return new VictimTraining(this, poisonRate, recipe, new Seed(seed), listener, Checkpoints.NONE);
  }

  /** As above; nobody listens. */
  public VictimTraining training(double poisonRate, Recipe recipe, String seed) {
    return training(poisonRate, recipe, seed, TrainingListener.NONE);
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
