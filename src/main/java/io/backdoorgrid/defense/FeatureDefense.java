package io.backdoorgrid.defense;

import io.backdoorgrid.model.Predictor;
import java.util.Set;

/**
 * A defense that trains on the untrusted training set like a {@link TrainingDefense}, but starts
 * from a pretrained feature extractor.
 */
public non-sealed interface FeatureDefense extends Defense {

  /** Trains a model that should be free of the backdoor; the caller closes it. */
  Predictor train(FeatureTraining training);

  @Override
  default String threatModel() {
    return "the poisoned training set, to train anew on learned features";
  }

  @Override
  default <R> R accept(Visitor<R> visitor) {
    return visitor.features(this);
  }

  @Override
  default Set<String> uses() {
    return Set.of("extractor");
  }
}
