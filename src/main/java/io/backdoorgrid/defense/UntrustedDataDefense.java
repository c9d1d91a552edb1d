package io.backdoorgrid.defense;

import io.backdoorgrid.model.Classifier;

/**
 * A defense that repairs the backdoored model with the training set that it was trained on, poison
 * included. It separates suspicious images from clean ones itself.
 */
public non-sealed interface UntrustedDataDefense extends Defense {

  /** Repairs {@code victim}, a copy of the backdoored model, in place. */
  void repair(Classifier victim, UntrustedData data);

  @Override
  default String threatModel() {
    return "the poisoned training set";
  }

  @Override
  default <R> R accept(Visitor<R> visitor) {
    return visitor.untrustedData(this);
  }
}
