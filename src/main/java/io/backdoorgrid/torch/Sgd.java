package io.backdoorgrid.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/** Stochastic gradient descent with momentum over a fixed list of weights. */
public final class Sgd {

  private final List<NDArray> weights;
  private final List<NDArray> buffers;
  private final double momentum;
  private final double weightDecay;
  private final boolean nesterov;
  private boolean firstStep = true;

  /**
   * @param manager owns the momentum buffers
   * @param weights updated in place; they must require gradients
   */
  public Sgd(
      NDManager manager,
      List<NDArray> weights,
      double momentum,
      double weightDecay,
      boolean nesterov) {
    this.weights = weights;
    this.buffers =
        momentum == 0 ? List.of() : weights.stream().map(w -> manager.zeros(w.getShape())).toList();
    this.momentum = momentum;
    this.weightDecay = weightDecay;
    this.nesterov = nesterov;
  }

  /** Steps down the gradient of {@code loss}. */
  public void step(NDArray loss, double learningRate) {
    step(Ops.gradients(loss, weights), learningRate);
  }

  /** Steps down {@code gradients}, one per weight, as {@link Ops#gradients} returns them. */
  public void step(List<NDArray> gradients, double learningRate) {
    Ops.sgd(weights, gradients, buffers, learningRate, momentum, weightDecay, nesterov, firstStep);
    firstStep = false;
  }
}
