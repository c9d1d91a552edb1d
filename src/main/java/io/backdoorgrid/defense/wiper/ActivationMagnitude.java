package io.backdoorgrid.defense.wiper;

import ai.djl.ndarray.NDArray;

/**
 * Activation magnitude of the inputs of the last layer: Fine-Pruning's criterion (Liu et al., RAID
 * 2018).
 *
 * @param weighted {@code |w x|}, summed over a neuron's weights, instead of {@code |x|}
 */
record ActivationMagnitude(boolean weighted) implements NeuronImportance {

  @Override
  public double[] of(PurifiedLayer layer, Observation seen) {
    NDArray magnitude = seen.features().abs().mean(new int[] {0});
    if (weighted) {
      try (NDArray sizes = seen.head().weight().abs()) {
        magnitude = magnitude.mul(sizes.sum(new int[] {0}));
      }
    }
    return AxisSums.doubles(magnitude);
  }
}
