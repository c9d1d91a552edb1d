package io.backdoorgrid.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;

/**
 * A square convolution with bias, padded so that stride 1 keeps height and width: a kernel of even
 * size reaches one pixel further to the right and down than to the left and up.
 */
public final class BiasedConv2d extends Layer {

  private final Parameter weight;
  private final Parameter bias;
  private final NDArray stride;

  /**
   * @param size edge of the kernel
   * @param stride 1 or 2
   */
  public BiasedConv2d(int in, int out, int size, int stride) {
    this.weight = add("weight", Parameter.Type.WEIGHT, out, in, size, size);
    this.bias = add("bias", Parameter.Type.BIAS, out);
    this.stride = Ops.stride(stride);
  }

  /** (n, in, h, w) to (n, out, h / stride, w / stride), rounded up. */
  public NDArray apply(NDArray x) {
    return Ops.call("biased_conv", x, weight.getArray(), bias.getArray(), stride);
  }

  /** The same, then {@code max(y, 0)}. */
  public NDArray applyRelu(NDArray x) {
    return Ops.call("biased_conv_relu", x, weight.getArray(), bias.getArray(), stride);
  }
}
