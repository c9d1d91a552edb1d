package io.backdoorgrid.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;

/**
 * Batch normalization per channel (Ioffe and Szegedy, 2015), as PyTorch computes it: eps 1e-5,
 * running statistics moved by a share of the new batch's, 0.1 by default.
 */
public final class BatchNorm2d extends Layer {

  /** Added to the variance before the root. */
  public static final double EPS = 1e-5;

  private static final double USUAL_MOMENTUM = 0.1;

  private final Parameter gamma;
  private final Parameter beta;
  private final Parameter mean;
  private final Parameter var;
  private final NDArray momentum;

  public BatchNorm2d(int channels) {
    this(channels, USUAL_MOMENTUM);
  }

  /**
   * @param momentum the new batch's share of the running statistics, above 0 and at most 1
   */
  public BatchNorm2d(int channels, double momentum) {
    this.gamma = add("weight", Parameter.Type.GAMMA, channels);
    this.beta = add("bias", Parameter.Type.BETA, channels);
    this.mean = add("running_mean", Parameter.Type.RUNNING_MEAN, channels);
    this.var = add("running_var", Parameter.Type.RUNNING_VAR, channels);
    this.momentum = Ops.number(momentum);
  }

  /** Normalizes the input, by the batch's own statistics while training. */
  public NDArray apply(NDArray x, boolean training) {
    return training
        ? Ops.call("norm", x, gamma(), beta(), mean(), var(), momentum)
        : Ops.call("norm_eval", x, gamma(), beta(), mean(), var());
  }

  /** Normalizes likewise, then rectifies. */
  public NDArray applyRelu(NDArray x, boolean training) {
    return training
        ? Ops.call("norm_relu", x, gamma(), beta(), mean(), var(), momentum)
        : Ops.call("norm_relu_eval", x, gamma(), beta(), mean(), var());
  }

  public NDArray gamma() {
    return gamma.getArray();
  }

  public NDArray beta() {
    return beta.getArray();
  }

  /** The running mean. */
  public NDArray mean() {
    return mean.getArray();
  }

  /** The running variance. */
  public NDArray var() {
    return var.getArray();
  }

  NDArray momentum() {
    return momentum;
  }
}
