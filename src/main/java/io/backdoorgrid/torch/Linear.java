package io.backdoorgrid.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;

/** A fully connected layer with bias; its result is float32 in either precision. */
public final class Linear extends Layer {

  private final Parameter weight;
  private final Parameter bias;

  public Linear(int in, int out) {
    this.weight = add("weight", Parameter.Type.WEIGHT, out, in);
    this.bias = add("bias", Parameter.Type.BIAS, out);
  }

  /** (n, in) to (n, out). */
  public NDArray apply(NDArray x) {
    return Ops.call("linear", x, weight.getArray(), bias.getArray());
  }

  /** (out, in): a row per output. */
  public NDArray weight() {
    return weight.getArray();
  }

  public NDArray bias() {
    return bias.getArray();
  }
}
