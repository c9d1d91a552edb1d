package io.backdoorgrid.defense;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.model.Classifier;

/** The victim as it is: the row that all others are compared with. */
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
