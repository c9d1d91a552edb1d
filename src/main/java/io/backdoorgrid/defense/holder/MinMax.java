package io.backdoorgrid.defense.holder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Map;

/**
 * Scales each feature by the range that it has over some samples: {@code (z - min) / (max - min)},
 * which is 0 to 1 on those samples. A feature that is the same for all of them becomes 0.
 *
 * @param minimum (d)
 * @param range (d), infinite for a feature that is the same for all
 */
record MinMax(NDArray minimum, NDArray range) {

  private static final String MINIMUM = "minimum";
  private static final String RANGE = "range";

  /** The scaling that fits {@code features}, (n, d). */
  static MinMax of(NDArray features) {
    int[] samples = {0};
    NDArray minimum = features.min(samples);
    float[] ranges = features.max(samples).sub(minimum).toFloatArray();
    for (int i = 0; i < ranges.length; i++) {
      ranges[i] = ranges[i] > 0 ? ranges[i] : Float.POSITIVE_INFINITY;
    }
    return new MinMax(minimum, features.getManager().create(ranges));
  }

  /**
   * Scales (n, d) features, other ones perhaps to below 0 or above 1. Divides, since a product with
   * the inverse would leave the largest just below 1.
   */
  NDArray apply(NDArray features) {
    return features.sub(minimum).div(range);
  }

  /** Reads what {@link #store} put among {@code stored}. */
  static MinMax load(NDManager manager, SafeTensors stored) {
    return new MinMax(
        manager.create(stored.tensors().get(MINIMUM).values()),
        manager.create(stored.tensors().get(RANGE).values()));
  }

  void store(Map<String, SafeTensors.Tensor> tensors) {
    tensors.put(MINIMUM, SafeTensors.of(minimum));
    tensors.put(RANGE, SafeTensors.of(range));
  }
}
