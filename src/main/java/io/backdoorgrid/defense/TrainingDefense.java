package io.backdoorgrid.defense;

import io.backdoorgrid.model.Predictor;

/**
 * A defense that receives the victim's training set, poison included, and trains a model of its own
 * on it, from scratch.
 */
public non-sealed interface TrainingDefense extends Defense {

  /** Trains a model that should be free of the backdoor; the caller closes it. */
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
