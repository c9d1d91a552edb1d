package io.backdoorgrid.defense;

import ai.djl.ndarray.NDArray;

/**
 * The sum of {@code |dL/dw|} over a neuron's weights, which section A.1 finds not to tell good
 * neurons from bad ones.
 */
final class GradientMagnitude implements NeuronImportance {

  @Override
  public double[] of(PurifiedLayer layer, Observation seen) {
    double[] magnitude = new double[layer.neurons()];
    for (NDArray weight : layer.weights()) {
      NDArray sizes = seen.gradients().get(weight).abs();
      double[] sums = Axes.doubles(Axes.sumPer(layer.axis(), sizes));
      for (int j = 0; j < magnitude.length; j++) {
        magnitude[j] += sums[j];
      }
    }
    return magnitude;
  }
}
