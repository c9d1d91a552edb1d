package io.backdoorgrid.algorithm;

import static io.backdoorgrid.algorithm.Checks.require;

import java.util.List;

/** An algorithm with a hyperparameter of every type. */
@Algorithm(value = "kettle", version = 3)
record Kettle(
    int cupCount,
    double maxTemperature,
    boolean whistles,
    Fuel fuel,
    String label,
    List<Integer> breaks) {

  enum Fuel {
    GAS,
    GREEN_POWER
  }

  Kettle {
    require(cupCount >= 1, "cup-count must be at least 1, got %d", cupCount);
  }

  Kettle() {
    this(4, 99.5, true, Fuel.GREEN_POWER, "red", List.of(1, 2));
  }
}
