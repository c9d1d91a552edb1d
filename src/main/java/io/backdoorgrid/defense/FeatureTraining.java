package io.backdoorgrid.defense;

import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.FeatureExtractor;

/** What a {@link FeatureDefense} works with. */
public interface FeatureTraining extends UntrustedTraining {

  /** The pretrained extractor, anew each time; the caller closes it. */
  FeatureExtractor features();

  /**
   * The same as a network, to be trained further; its head means nothing.
   *
   * @throws IllegalArgumentException if the extractor is none of our networks
   */
  Classifier network();
}
