package io.backdoorgrid.defense.wiper;

/**
 * Benign salience: by how much the loss on clean images would rise without a neuron, to first
 * order. The salience of a weight is {@code L(0) - L(w) = -w dL/dw} (equation 2), that of a neuron
 * the sum over its weights.
 */
final class BenignSalience implements NeuronImportance {

  @Override
  public double[] of(PurifiedLayer layer, Observation seen) {
    return layer.sums(weight -> seen.gradients().get(weight).mul(weight).neg());
  }
}
