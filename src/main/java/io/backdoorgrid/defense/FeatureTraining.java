package io.backdoorgrid.defense;

import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.FeatureExtractor;

/** Everything that a {@link FeatureDefense} receives. */
public interface FeatureTraining extends UntrustedTraining {

  /** A new copy of the pretrained extractor; the caller closes it. */
  FeatureExtractor features();

  /**
   * The same as a network, to be trained further; its head is meaningless.
   *
   * @throws IllegalArgumentException if the extractor is none of our networks
   */
  Classifier network();
}
