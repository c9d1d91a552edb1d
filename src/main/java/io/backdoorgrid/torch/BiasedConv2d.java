package io.backdoorgrid.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;

/** A square convolution with bias, padded so that height and width stay. */
public final class BiasedConv2d extends Layer {

  private final Parameter weight;
  private final Parameter bias;

  /**
   * @param size edge of the kernel, odd
   */
  public BiasedConv2d(int in, int out, int size) {
    this.weight = add("weight", Parameter.Type.WEIGHT, out, in, size, size);
    this.bias = add("bias", Parameter.Type.BIAS, out);
  }

  /** (n, in, h, w) to (n, out, h, w). */
  public NDArray apply(NDArray x) {
    return Ops.call("padded_conv", x, weight.getArray(), bias.getArray(), Ops.stride(1));
  }
}
