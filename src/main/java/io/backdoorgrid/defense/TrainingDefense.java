package io.backdoorgrid.defense;

import io.backdoorgrid.model.Predictor;

/**
 * A defense that is handed the training set as the victim's trainer got it, poison included, and
 * trains a model of its own on it, from scratch.
 */
public non-sealed interface TrainingDefense extends Defense {

  /** Makes a model that is to be free of the backdoor; the caller closes it. */
  Predictor train(UntrustedTraining training);

  @Override
  default String threatModel() {
    return "the poisoned training set, to train anew";
  }

  @Override
  default <R> R accept(Visitor<R> visitor) {
    return visitor.training(this);
  }
}
