package io.backdoorgrid.defense;

import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import java.util.random.RandomGenerator;

/**
 * A defense that sees the weights and a few clean training images, held out from the victim by
 * default.
 */
public non-sealed interface CleanDataDefense extends Defense {

  /** Passes over the clean images, to estimate costs. */
  int epochs();

  /**
   * Repairs {@code classifier}, a copy of the victim, in place. A defense that selects among
   * candidates splits its own validation part from {@code clean}.
   */
  void repair(Classifier classifier, LabeledImages clean, RandomGenerator random);
}
