package io.backdoorgrid.extractor;

import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.train.TrainingListener;
import java.util.random.RandomGenerator;

/** Trained on the untrusted training set itself, without its labels. */
public non-sealed interface SelfSupervised extends Extractor {

  /** Image passes, forward and backward, per training image: to estimate costs. */
  double passes();

  /**
   * Trains the features of {@code network} in place; its head stays as it is.
   *
   * @param images poisoned or not; labels are not looked at
   */
  void train(
      Classifier network, LabeledImages images, RandomGenerator random, TrainingListener listener);
}
