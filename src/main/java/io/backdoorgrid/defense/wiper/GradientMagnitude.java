package io.backdoorgrid.defense.wiper;

/**
 * The sum of {@code |dL/dw|} over a neuron's weights, which section A.1 finds not to tell good
 * neurons from bad ones.
 */
final class GradientMagnitude implements NeuronImportance {

  @Override
  public double[] of(PurifiedLayer layer, Observation seen) {
    return layer.sums(weight -> seen.gradients().get(weight).abs());
  }
}
