package io.backdoorgrid.defense;

import ai.djl.ndarray.NDArray;

/**
 * Benign salience: by how much the loss on clean images would rise without a neuron, to first
 * order. The salience of a weight is {@code L(0) - L(w) = -w dL/dw} (equation 2), that of a neuron
 * the sum over its weights.
 */
final class BenignSalience implements NeuronImportance {

  @Override
  public double[] of(PurifiedLayer layer, Observation seen) {
    double[] salience = new double[layer.neurons()];
    for (NDArray weight : layer.weights()) {
      NDArray products = seen.gradients().get(weight).mul(weight);
      double[] sums = Axes.doubles(Axes.sumPer(layer.axis(), products));
      for (int j = 0; j < salience.length; j++) {
        salience[j] -= sums[j];
      }
    }
    return salience;
  }
}
