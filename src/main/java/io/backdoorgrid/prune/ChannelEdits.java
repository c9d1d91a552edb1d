package io.backdoorgrid.prune;

import ai.djl.ndarray.NDArray;
import io.backdoorgrid.model.net.ConvUnit;
import io.backdoorgrid.torch.BatchNorm2d;
import io.backdoorgrid.torch.Ops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Changes to output channels of convolutions and batch-norms, collected layer by layer and then
 * applied in place in one call: a network has dozens of layers, and its weights are read and
 * written in a millisecond.
 */
public final class ChannelEdits {

  private final List<NDArray> arrays = new ArrayList<>();
  private final List<int[]> channels = new ArrayList<>();
  private final List<float[]> factors = new ArrayList<>();

  /**
   * Makes the output of channels exactly 0 for every input.
   *
   * <p>Behind a batch-norm that takes gamma and beta: with zero kernels alone its output would be
   * the constant {@code beta - gamma * mean / sqrt(var + eps)}.
   */
  public void zero(ConvUnit unit, boolean[] pruned) {
    if (unit.norm().isPresent()) {
      float[] keeping = keeping(pruned);
      scale(unit.norm().get().gamma(), keeping);
      scale(unit.norm().get().beta(), keeping);
    } else {
      zeroKernels(unit, pruned);
    }
  }

  /** Makes the output of channels of a batch-norm the constant beta. */
  public void zeroGamma(BatchNorm2d norm, boolean[] pruned) {
    scale(norm.gamma(), keeping(pruned));
  }

  /** Makes the kernels of channels 0, whatever follows. */
  public void zeroKernels(ConvUnit unit, boolean[] pruned) {
    scale(unit.conv().weight(), keeping(pruned));
  }

  private static float[] keeping(boolean[] pruned) {
    float[] keeping = new float[pruned.length];
    for (int k = 0; k < pruned.length; k++) {
      keeping[k] = pruned[k] ? 0 : 1;
    }
    return keeping;
  }

  /** Multiplies each channel's part of {@code array}, whose first axis is the channel. */
  public void scale(NDArray array, float[] byChannel) {
    int[] changed = IntStream.range(0, byChannel.length).filter(k -> byChannel[k] != 1).toArray();
    if (changed.length > 0) {
      arrays.add(array);
      channels.add(changed);
      factors.add(byChannel);
    }
  }

  /** Applies all changes in the order in which they were requested. */
  public void apply() {
    if (arrays.isEmpty()) {
      return;
    }
    long[] counts = channels.stream().mapToLong(its -> its.length).toArray();
    int total = (int) Arrays.stream(counts).sum();
    long[] rows = new long[total];
    float[] values = new float[total];
    int i = 0;
    for (int layer = 0; layer < counts.length; layer++) {
      for (int channel : channels.get(layer)) {
        rows[i] = channel;
        values[i++] = factors.get(layer)[channel];
      }
    }
    Ops.scaleRows(arrays, counts, rows, values);
  }

  /** {@code |gamma| / sqrt(var + eps)}: by how much a batch-norm stretches each channel. */
  public static double[] stretch(BatchNorm2d norm, double eps) {
    float[] gamma = norm.gamma().toFloatArray();
    float[] var = norm.var().toFloatArray();
    double[] stretch = new double[gamma.length];
    for (int k = 0; k < stretch.length; k++) {
      stretch[k] = Math.abs(gamma[k]) / Math.sqrt(var[k] + eps);
    }
    return stretch;
  }
}
