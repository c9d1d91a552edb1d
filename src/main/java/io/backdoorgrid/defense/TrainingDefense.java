package io.backdoorgrid.defense;

import io.backdoorgrid.model.Predictor;

/**
 * A defense that is handed the training set as the victim's trainer got it, poison included, and
 * trains a model of its own on it. It starts from a pretrained feature extractor.
 */
public non-sealed interface TrainingDefense extends Defense {

  /**
   * Image passes, forward and backward through the extractor's network, per training image: to
   * estimate costs.
   */
  double passes();

  /**
   * Whether trials with the same extractor share nearly all of their work by {@link
   * UntrustedTraining#once}, so that they are best run one after another.
   */
  boolean sharesWork();

  /** Makes a model that is to be free of the backdoor; the caller closes it. */
  Predictor train(UntrustedTraining training);
}
