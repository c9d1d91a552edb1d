package io.backdoorgrid.defense;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.model.Classifier;

/** The victim as it is: the row that all others are compared with. */
@Algorithm("none")
public record NoDefense() implements DataFreeDefense {

  @Override
  public Classifier repair(Classifier victim) {
    return victim.copy();
  }
}
