package io.backdoorgrid.defense;

import io.backdoorgrid.model.Classifier;

/** A defense that sees the weights and nothing else. */
public non-sealed interface DataFreeDefense extends Defense {

  /** A repaired copy; {@code victim} stays as it is. */
  Classifier repair(Classifier victim);
}
