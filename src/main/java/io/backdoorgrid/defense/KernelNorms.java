package io.backdoorgrid.defense;

import ai.djl.ndarray.NDArray;
import io.backdoorgrid.model.ConvUnit;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.SpectralNorms;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Norms of a victim's kernels, each computed when it is first asked for and kept: a sweep over
 * limits pays for them once.
 *
 * <p>A defense asks for the norms of a unit before it changes the unit.
 */
public final class KernelNorms {

  private record Kept(double[] values, long nanos) {}

  private final Map<String, Kept> spectral = new HashMap<>();
  private final Map<String, Kept> euclidean = new HashMap<>();
  private long reusedNanos;

  /** The spectral norm of each output channel's kernel, reshaped to (in, height * width). */
  double[] spectral(ConvUnit unit) {
    return norms(spectral, unit, SpectralNorms::ofKernels);
  }

  /** The Euclidean norm of each output channel's weights. */
  double[] euclidean(ConvUnit unit) {
    return norms(euclidean, unit, KernelNorms::channelNorms);
  }

  private double[] norms(Map<String, Kept> map, ConvUnit unit, Function<NDArray, double[]> norm) {
    Kept kept = map.get(unit.name());
    if (kept == null) {
      long start = System.nanoTime();
      double[] values = norm.apply(unit.conv().weight());
      kept = new Kept(values, System.nanoTime() - start);
      map.put(unit.name(), kept);
    } else {
      reusedNanos += kept.nanos();
    }
    return kept.values().clone();
  }

  private static double[] channelNorms(NDArray kernels) {
    float[] norms;
    try (NDArray channelNorms = Ops.channelNorms(kernels)) {
      norms = channelNorms.toFloatArray();
    }
    double[] values = new double[norms.length];
    for (int k = 0; k < values.length; k++) {
      values[k] = norms[k];
    }
    return values;
  }

  /**
   * Seconds that norms took which were then found here again, so far. Whoever times a defense adds
   * what this grew by, or the time would depend on which trial came first.
   */
  public double reusedSeconds() {
    return reusedNanos / 1e9;
  }
}
