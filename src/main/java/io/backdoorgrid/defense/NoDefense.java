package io.backdoorgrid.defense;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.model.Classifier;

/** No defense: the victim as it is, with which all others are compared. */
@Algorithm("none")
public record NoDefense() implements DataFreeDefense {

  @Override
  public void repair(Classifier victim, WeightsOnly given) {
    // Nothing to do.
  }

  @Override
  public boolean changesModel() {
    return false;
  }
}
