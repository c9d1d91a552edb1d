package io.backdoorgrid.algorithm;

/** An algorithm that had one hyperparameter, and later three. */
@Algorithm("lamp")
record Lamp(int watts, @AddedLater String colour, Shade shade) {

  record Shade(@AddedLater boolean folded) {}

  Lamp() {
    this(40, "white", new Shade(false));
  }
}
