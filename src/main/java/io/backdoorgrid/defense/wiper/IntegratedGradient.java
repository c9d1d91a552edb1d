package io.backdoorgrid.defense.wiper;

import ai.djl.ndarray.NDArray;

/**
 * Integrated gradients (Sundararajan et al., ICML 2017) of the inputs of the last layer: the
 * derivative of minus the loss along the straight path from features of 0 to the real ones.
 *
 * <p>For neuron j, {@code mean_b X[b,j] * integral_0^1 (V[y_b,j] - sum_c P_c(a X_b) V[c,j]) da}.
 * The sum over all neurons is {@code L(0) - L(X)}; benign salience is the integrand at a = 1.
 *
 * @param points midpoints of equal parts of the path
 */
record IntegratedGradient(int points) implements NeuronImportance {

  @Override
  public double[] of(PurifiedLayer layer, Observation seen) {
    NDArray errors = seen.errors(0.5 / points);
    for (int i = 1; i < points; i++) {
      errors = errors.add(seen.errors((i + 0.5) / points));
    }
    NDArray slopes = errors.div(points).matMul(seen.head().weight());
    return AxisSums.doubles(slopes.mul(seen.features()).mean(new int[] {0}));
  }
}
