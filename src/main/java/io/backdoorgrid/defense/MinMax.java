package io.backdoorgrid.defense;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Map;

/**
 * Scales each feature by the range that it has over some samples: {@code (z - min) / (max - min)},
 * which is 0 to 1 on those samples. A feature that is the same for all of them becomes 0.
 *
 * @param minimum (d)
 * @param factor (d), one over the range
 */
record MinMax(NDArray minimum, NDArray factor) {

  private static final String MINIMUM = "minimum";
  private static final String FACTOR = "factor";

  /** The scaling that {@code features}, (n, d), ask for. */
  static MinMax of(NDArray features) {
    int[] samples = {0};
    NDArray minimum = features.min(samples);
    float[] factors = features.max(samples).sub(minimum).toFloatArray();
    for (int i = 0; i < factors.length; i++) {
      factors[i] = factors[i] > 0 ? 1 / factors[i] : 0;
    }
    return new MinMax(minimum, features.getManager().create(factors));
  }

  /** Scales (n, d) features, other ones perhaps to below 0 or above 1. */
  NDArray apply(NDArray features) {
    return features.sub(minimum).mul(factor);
  }

  /** What {@link #store} put among {@code stored}. */
  static MinMax load(NDManager manager, SafeTensors stored) {
    return new MinMax(
        manager.create(stored.tensors().get(MINIMUM).values()),
        manager.create(stored.tensors().get(FACTOR).values()));
  }

  void store(Map<String, SafeTensors.Tensor> tensors) {
    tensors.put(MINIMUM, SafeTensors.of(minimum));
    tensors.put(FACTOR, SafeTensors.of(factor));
  }
}
