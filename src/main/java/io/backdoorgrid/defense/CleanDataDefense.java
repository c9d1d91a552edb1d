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
   * A repaired copy; {@code victim} stays as it is. A defense that selects among candidates splits
   * its own validation part from {@code clean}.
   */
  Classifier repair(Classifier victim, LabeledImages clean, RandomGenerator random);
}
