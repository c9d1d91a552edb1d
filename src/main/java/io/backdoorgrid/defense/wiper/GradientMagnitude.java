package io.backdoorgrid.defense.wiper;

/**
 * The sum of {@code |dL/dw|} over a neuron's weights, which does not separate good neurons from bad
 * ones, as section A.1 finds.
 */
final class GradientMagnitude implements NeuronImportance {

  @Override
  public double[] of(PurifiedLayer layer, Observation seen) {
    return layer.sums(weight -> seen.gradients().get(weight).abs());
  }
}
