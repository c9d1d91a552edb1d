package io.backdoorgrid.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;

/** A square convolution without bias, padded so that stride 1 keeps height and width. */
public final class Conv2d extends Layer {

  private final Parameter weight;
  private final NDArray stride;

  /**
   * @param size edge of the kernel, odd
   * @param stride 1 or 2
   */
  public Conv2d(int in, int out, int size, int stride) {
    this.weight = add("weight", Parameter.Type.WEIGHT, out, in, size, size);
    this.stride = Ops.stride(stride);
  }

  /** (n, in, h, w) to (n, out, h / stride, w / stride). */
  public NDArray apply(NDArray x) {
    return Ops.call("conv", x, weight(), stride());
  }

  /** The kernels, (out, in, size, size). */
  public NDArray weight() {
    return weight.getArray();
  }

  NDArray stride() {
    return stride;
  }
}
