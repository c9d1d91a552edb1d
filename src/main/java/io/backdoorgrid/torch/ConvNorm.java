package io.backdoorgrid.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;

/**
 * A convolution and the batch-norm that directly follows it, computed together.
 *
 * <p>While training these are two operators; otherwise the batch-norm, then an affine map per
 * channel, is folded into the kernels, which saves one pass over the feature maps. Additions and
 * rectifiers happen in place: nothing else needs the array they overwrite.
 */
public record ConvNorm(Conv2d conv, BatchNorm2d norm) {

  /** {@code norm(conv(x))}. */
  public NDArray apply(NDArray x, boolean training) {
    return training ? normalised("norm", x) : folded("folded", x);
  }

  /** {@code relu(norm(conv(x)))}. */
  public NDArray applyRelu(NDArray x, boolean training) {
    return training ? normalised("norm_relu", x) : folded("folded_relu", x);
  }

  /** {@code relu(norm(conv(x)) + shortcut)}. */
  public NDArray applyAddRelu(NDArray x, NDArray shortcut, boolean training) {
    return training
        ? normalised("norm_add_relu", x, shortcut)
        : folded("folded_add_relu", x, shortcut);
  }

  private NDArray normalised(String method, NDArray x, NDArray... shortcut) {
    var inputs = new NDList(conv.apply(x));
    inputs.addAll(List.of(norm.gamma(), norm.beta(), norm.mean(), norm.var(), norm.momentum()));
    return call(method, inputs, shortcut);
  }

  private NDArray folded(String method, NDArray x, NDArray... shortcut) {
    conv.show(x);
    var inputs = new NDList(x, conv.weight(), conv.stride());
    inputs.addAll(List.of(norm.gamma(), norm.beta(), norm.mean(), norm.var()));
    return call(method, inputs, shortcut);
  }

  private static NDArray call(String method, NDList inputs, NDArray... shortcut) {
    inputs.addAll(List.of(shortcut));
    return Ops.call(method, inputs);
  }
}
