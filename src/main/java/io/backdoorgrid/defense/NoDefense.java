package io.backdoorgrid.defense;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.prune.KernelNorms;

/** The victim as it is: the row that all others are compared with. */
@Algorithm("none")
public record NoDefense() implements DataFreeDefense {

  @Override
  public void repair(Classifier classifier, KernelNorms norms) {
    // Nothing to do.
  }
}
