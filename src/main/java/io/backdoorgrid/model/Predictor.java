package io.backdoorgrid.model;

import io.backdoorgrid.data.LabeledImages;

/** Whatever classifies raw images: a network, or what a defense made in place of one. */
public interface Predictor extends AutoCloseable {

  /** The predicted class of every image. */
  int[] predict(LabeledImages images);

  /** Frees native memory. */
  @Override
  void close();
}
