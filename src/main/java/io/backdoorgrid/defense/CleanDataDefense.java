package io.backdoorgrid.defense;

import io.backdoorgrid.model.Classifier;
import java.util.Set;

/**
 * A defense that sees the weights and a few clean training images, held out from the victim by
 * default.
 */
public non-sealed interface CleanDataDefense extends Defense {

  /** Repairs {@code victim}, a copy of the backdoored model, in place. */
  void repair(Classifier victim, CleanData data);

  @Override
  default String threatModel() {
    return "a few clean images";
  }

  @Override
  default <R> R accept(Visitor<R> visitor) {
    return visitor.cleanData(this);
  }

  @Override
  default Set<String> uses() {
    return Set.of("clean-ratio");
  }
}
