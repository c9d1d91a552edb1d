package io.backdoorgrid.defense.holder;

import ai.djl.ndarray.NDManager;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.FeatureExtractor;
import io.backdoorgrid.model.Predictor;

/**
 * A head on a feature extractor.
 *
 * @param extractor closed with this classifier
 * @param head owned by the extractor
 */
record FeatureClassifier(FeatureExtractor extractor, ScaledHead head) implements Predictor {

  @Override
  public int[] predict(LabeledImages images) {
    try (NDManager scope = extractor.manager().newSubManager()) {
      return head.predictions(extractor.features(scope, images));
    }
  }

  @Override
  public void close() {
    extractor.close();
  }
}
