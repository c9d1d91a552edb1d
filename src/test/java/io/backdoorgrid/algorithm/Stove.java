package io.backdoorgrid.algorithm;

import static io.backdoorgrid.algorithm.Checks.require;

/** An algorithm some of whose hyperparameters are records of their own, which nest. */
@Algorithm("stove")
record Stove(int plates, Burner burner, String label) {

  record Burner(double maxHeat, Kettle.Fuel fuel, Timer timer) {}

  record Timer(int longestHours) {
    Timer {
      require(longestHours >= 1, "longest-hours must be at least 1, got %d", longestHours);
    }
  }

  Stove() {
    this(4, new Burner(300, Kettle.Fuel.GAS, new Timer(9)), "grey");
  }
}
