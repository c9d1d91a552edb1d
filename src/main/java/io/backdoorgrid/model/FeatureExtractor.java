package io.backdoorgrid.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.data.LabeledImages;

/** A frozen network that describes raw images by numbers, for a small head to classify. */
public interface FeatureExtractor extends AutoCloseable {

  /** Owns arrays that live as long as this extractor. */
  NDManager manager();

  /** How many features an image has. */
  int dimension();

  /**
   * The features of every image, in evaluation mode.
   *
   * @param scope owns the result
   * @return (images, {@link #dimension}), float32
   */
  NDArray features(NDManager scope, LabeledImages images);

  /** Frees native memory. */
  @Override
  void close();
}
