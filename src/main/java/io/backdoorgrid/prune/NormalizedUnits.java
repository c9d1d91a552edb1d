package io.backdoorgrid.prune;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.net.ConvUnit;
import java.util.List;

/** The convolutions that a batch-norm directly follows. */
public final class NormalizedUnits {

  private NormalizedUnits() {}

  /**
   * @param defense that needs some, for the message
   * @throws IllegalArgumentException if there is none
   */
  public static List<ConvUnit> of(Classifier network, String defense) {
    List<ConvUnit> units =
        network.units().stream().filter(unit -> unit.norm().isPresent()).toList();
    require(
        !units.isEmpty(), "%s needs a batch-norm behind a convolution, and finds none", defense);
    return units;
  }
}
