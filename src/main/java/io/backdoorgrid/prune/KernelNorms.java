package io.backdoorgrid.prune;

import io.backdoorgrid.model.net.ConvUnit;
import io.backdoorgrid.torch.ChannelNorms;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Norms of a victim's kernels, computed when they are first asked for and kept: a sweep over limits
 * pays for them once.
 */
public final class KernelNorms {

  private static final class Kept {
    private final double[] values;
    private final long nanos;
    private boolean taken;

    Kept(double[] values, long nanos) {
      this.values = values;
      this.nanos = nanos;
    }
  }

  private final List<ConvUnit> units;
  private final Map<String, Kept> spectral = new HashMap<>();
  private final Map<String, Kept> euclidean = new HashMap<>();
  private long reusedNanos;

  /**
   * @param units all that will be asked for, as they are before any change
   */
  public KernelNorms(List<ConvUnit> units) {
    this.units = units;
  }

  /** The spectral norm of each output channel's kernel, reshaped to (in, height * width). */
  public double[] spectral(ConvUnit unit) {
    if (!spectral.containsKey(unit.name())) {
      long start = System.nanoTime();
      double[] values = ChannelNorms.spectral(unit.conv().weight());
      spectral.put(unit.name(), new Kept(values, System.nanoTime() - start));
    }
    return take(spectral.get(unit.name()));
  }

  /** The Euclidean norm of each output channel's weights. */
  public double[] euclidean(ConvUnit unit) {
    if (euclidean.isEmpty()) {
      computeEuclidean();
    }
    return take(euclidean.get(unit.name()));
  }

  /**
   * Reading the weights once takes a millisecond, so a call per layer would be the expensive part.
   */
  private void computeEuclidean() {
    long start = System.nanoTime();
    float[] norms =
        ChannelNorms.euclidean(units.stream().map(unit -> unit.conv().weight()).toList());
    long each = (System.nanoTime() - start) / units.size();
    int from = 0;
    for (ConvUnit unit : units) {
      double[] values = new double[unit.channels()];
      for (int k = 0; k < values.length; k++) {
        values[k] = norms[from++];
      }
      euclidean.put(unit.name(), new Kept(values, each));
    }
  }

  private double[] take(Kept kept) {
    reusedNanos += kept.taken ? kept.nanos : 0;
    kept.taken = true;
    return kept.values.clone();
  }

  /**
   * Seconds saved so far because norms were already computed. Whoever times a defense adds the
   * growth of this number; otherwise the time would depend on which trial came first.
   */
  public double reusedSeconds() {
    return reusedNanos / 1e9;
  }
}
