package io.backdoorgrid.extractor;

import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.train.TrainingListener;
import java.util.random.RandomGenerator;

/** Trained on the untrusted training set itself, without its labels. */
public non-sealed interface SelfSupervised extends Extractor {

  /**
   * Trains the features of {@code network} in place; its head stays as it is.
   *
   * @param images poisoned or not; labels are ignored
   */
  void train(
      Classifier network, LabeledImages images, RandomGenerator random, TrainingListener listener);

  @Override
  default <R> R accept(Visitor<R> visitor) {
    return visitor.selfSupervised(this);
  }
}
