package io.backdoorgrid.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;

/**
 * A convolution and the batch-norm that directly follows it, computed together.
 *
 * <p>While training these are two operators; otherwise the batch-norm, then an affine map per
 * channel, is folded into the kernels, which saves one pass over the feature maps. Additions and
 * rectifiers happen in place: nothing else needs the array they overwrite.
 */
public final class ConvNorm {

  private final Conv2d conv;
  private final BatchNorm2d norm;
  private NDList folded; // kernels and shift, or null where each batch has them folded anew

  public ConvNorm(Conv2d conv, BatchNorm2d norm) {
    this.conv = conv;
    this.norm = norm;
  }

  public Conv2d conv() {
    return conv;
  }

  public BatchNorm2d norm() {
    return norm;
  }

  /**
   * Folds the batch-norm once for all passes without training, until {@link #unfold}. Nothing may
   * change weights or statistics, or ask for gradients, meanwhile.
   *
   * @param owner of the folded kernels
   * @param precision of the passes
   */
  public void fold(NDManager owner, Precision precision) {
    try (NDArray kernels = Ops.call("kernels", conv.weight(), norm.gamma(), norm.var());
        NDArray shift = Ops.call("shift", norm.gamma(), norm.beta(), norm.mean(), norm.var())) {
      folded = new NDList(Ops.cast(kernels, precision), Ops.cast(shift, precision));
      folded.attach(owner);
    }
  }

  /** Forgets what {@link #fold} made. */
  public void unfold() {
    folded = null;
  }

  /** {@code norm(conv(x))}. */
  public NDArray apply(NDArray x, boolean training) {
    return training ? normalised("norm", x) : evaluated("conv", x);
  }

  /** {@code relu(norm(conv(x)))}. */
  public NDArray applyRelu(NDArray x, boolean training) {
    return training ? normalised("norm_relu", x) : evaluated("conv_relu", x);
  }

  /** {@code relu(norm(conv(x)) + shortcut)}. */
  public NDArray applyAddRelu(NDArray x, NDArray shortcut, boolean training) {
    return training
        ? normalised("norm_add_relu", x, shortcut)
        : evaluated("conv_add_relu", x, shortcut);
  }

  private NDArray normalised(String method, NDArray x, NDArray... shortcut) {
    var inputs = new NDList(conv.apply(x));
    inputs.addAll(List.of(norm.gamma(), norm.beta(), norm.mean(), norm.var(), norm.momentum()));
    return call(method, inputs, shortcut);
  }

  private NDArray evaluated(String method, NDArray x, NDArray... shortcut) {
    conv.show(x);
    if (folded != null) {
      var inputs = new NDList(x, folded.get(0), folded.get(1), conv.stride());
      return call("biased_" + method, inputs, shortcut);
    }
    var inputs = new NDList(x, conv.weight(), conv.stride());
    inputs.addAll(List.of(norm.gamma(), norm.beta(), norm.mean(), norm.var()));
    return call("folded_" + method, inputs, shortcut);
  }

  private static NDArray call(String method, NDList inputs, NDArray... shortcut) {
    inputs.addAll(List.of(shortcut));
    return Ops.call(method, inputs);
  }
}
