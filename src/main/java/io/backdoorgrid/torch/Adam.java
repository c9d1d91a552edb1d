package io.backdoorgrid.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/**
 * Adam (Kingma and Ba, ICLR 2015) over a fixed list of weights, with PyTorch's defaults: betas of
 * 0.9 and 0.999, eps of 1e-8, no weight decay.
 */
public final class Adam {

  private static final double BETA_1 = 0.9;
  private static final double BETA_2 = 0.999;
  private static final double EPS = 1e-8;

  private final List<NDArray> weights;
  private final List<NDArray> means;
  private final List<NDArray> variances;
  private final NDArray steps;

  /**
   * @param manager owns the running means
   * @param weights updated in place; they must require gradients
   */
  public Adam(NDManager manager, List<NDArray> weights) {
    this.weights = weights;
    this.means = zeros(manager, weights);
    this.variances = zeros(manager, weights);
    this.steps = manager.create(0f);
  }

  private static List<NDArray> zeros(NDManager manager, List<NDArray> like) {
    return like.stream().map(w -> manager.zeros(w.getShape())).toList();
  }

  /** Steps down the gradient of {@code loss}. */
  public void step(NDArray loss, double learningRate) {
    steps.addi(1);
    List<NDArray> gradients = Ops.gradients(loss, weights);
    Ops.adam(weights, gradients, means, variances, steps, learningRate, BETA_1, BETA_2, EPS);
  }
}
