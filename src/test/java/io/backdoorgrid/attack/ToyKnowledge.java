package io.backdoorgrid.attack;

import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;

/**
 * An attacker's knowledge of toy images.
 *
 * @param clean copied for each that asks
 */
record ToyKnowledge(LabeledImages images, Classifier clean) implements Knowledge {

  @Override
  public Classifier surrogate() {
    return clean.copy();
  }
}
