package io.backdoorgrid.defense;

import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.prune.KernelNorms;

/** A defense that sees the weights and nothing else. */
public non-sealed interface DataFreeDefense extends Defense {

  /**
   * Repairs {@code classifier}, a copy of the victim, in place.
   *
   * @param norms of the victim's kernels, shared by all defenses of that victim
   */
  void repair(Classifier classifier, KernelNorms norms);
}
