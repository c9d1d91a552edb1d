package io.backdoorgrid.defense;

import io.backdoorgrid.model.Classifier;
import java.util.random.RandomGenerator;

/** Everything that a {@link TrainingDefense} receives. */
public interface UntrustedTraining extends UntrustedData {

  /**
   * An untrained network of the victim's architecture; the caller closes it.
   *
   * @param random of its weights
   */
  Classifier fresh(RandomGenerator random);
}
