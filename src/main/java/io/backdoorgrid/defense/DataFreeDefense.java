package io.backdoorgrid.defense;

import io.backdoorgrid.model.Classifier;

/** A defense that sees the weights and nothing else. */
public non-sealed interface DataFreeDefense extends Defense {

  /** Repairs {@code victim}, a copy of the backdoored model, in place. */
  void repair(Classifier victim, WeightsOnly given);

  @Override
  default String threatModel() {
    return "nothing but the weights";
  }

  @Override
  default <R> R accept(Visitor<R> visitor) {
    return visitor.dataFree(this);
  }

  @Override
  default double imagePasses(DataSizes sizes) {
    return 0;
  }

  @Override
  default boolean isShort() {
    return true;
  }
}
