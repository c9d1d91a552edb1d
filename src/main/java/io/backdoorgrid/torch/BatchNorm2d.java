package io.backdoorgrid.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;

/**
 * Batch normalisation per channel (Ioffe and Szegedy, 2015), as PyTorch computes it: eps 1e-5,
 * running statistics moved by 0.1 of the new batch's.
 */
public final class BatchNorm2d extends Layer {

  /** Added to the variance before the root. */
  public static final double EPS = 1e-5;

  private final Parameter gamma;
  private final Parameter beta;
  private final Parameter mean;
  private final Parameter var;

  public BatchNorm2d(int channels) {
    this.gamma = add("weight", Parameter.Type.GAMMA, channels);
    this.beta = add("bias", Parameter.Type.BETA, channels);
    this.mean = add("running_mean", Parameter.Type.RUNNING_MEAN, channels);
    this.var = add("running_var", Parameter.Type.RUNNING_VAR, channels);
  }

  /** Normalises, then rectifies; with the batch's own statistics while training. */
  public NDArray applyRelu(NDArray x, boolean training) {
    return Ops.call(training ? "norm_relu" : "norm_relu_eval", x, gamma(), beta(), mean(), var());
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
}
