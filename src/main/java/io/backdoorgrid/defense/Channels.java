package io.backdoorgrid.defense;

import ai.djl.ndarray.NDArray;
import io.backdoorgrid.model.ConvUnit;
import io.backdoorgrid.torch.BatchNorm2d;
import io.backdoorgrid.torch.Ops;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Edits output channels of a convolution and its batch-norm in place. */
final class Channels {

  private Channels() {}

  /**
   * Makes the output of channels exactly 0 for every input.
   *
   * <p>Behind a batch-norm that takes gamma and beta: with zero kernels alone its output would be
   * the constant {@code beta - gamma * mean / sqrt(var + eps)}.
   */
  static void zero(ConvUnit unit, boolean[] pruned) {
    float[] factors = new float[pruned.length];
    for (int k = 0; k < pruned.length; k++) {
      factors[k] = pruned[k] ? 0 : 1;
    }
    if (unit.norm().isPresent()) {
      scale(unit.norm().get().gamma(), factors);
      scale(unit.norm().get().beta(), factors);
    } else {
      scale(unit.conv().weight(), factors);
    }
  }

  /** Multiplies each channel's part of {@code array}, whose first axis is the channel. */
  static void scale(NDArray array, float[] factors) {
    int[] changed = IntStream.range(0, factors.length).filter(k -> factors[k] != 1).toArray();
    if (changed.length > 0) {
      float[] values = new float[changed.length];
      for (int i = 0; i < changed.length; i++) {
        values[i] = factors[changed[i]];
      }
      Ops.scaleRows(array, Arrays.stream(changed).asLongStream().toArray(), values);
    }
  }

  /** {@code |gamma| / sqrt(var + eps)}: by how much a batch-norm stretches each channel. */
  static double[] stretch(BatchNorm2d norm, double eps) {
    float[] gamma = norm.gamma().toFloatArray();
    float[] var = norm.var().toFloatArray();
    double[] stretch = new double[gamma.length];
    for (int k = 0; k < stretch.length; k++) {
      stretch[k] = Math.abs(gamma[k]) / Math.sqrt(var[k] + eps);
    }
    return stretch;
  }
}
