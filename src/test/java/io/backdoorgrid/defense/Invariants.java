package io.backdoorgrid.defense;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.IntStream;

/** What tests of several defenses ask of weights by name. */
public final class Invariants {

  private Invariants() {}

  /** Bit by bit. */
  public static void assertEqual(Map<String, float[]> actual, Map<String, float[]> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    actual.forEach((name, values) -> assertThat(values).as(name).isEqualTo(expected.get(name)));
  }

  /** The channels whose batch-norm was zeroed, gamma and beta both. */
  public static int[] pruned(Map<String, float[]> values) {
    float[] gamma = values.get("norm.weight");
    float[] beta = values.get("norm.bias");
    return IntStream.range(0, gamma.length).filter(k -> gamma[k] == 0 && beta[k] == 0).toArray();
  }

  /** The channels whose whole kernel is zero. */
  public static int[] silent(Map<String, float[]> values, int channels) {
    float[] kernels = values.get("conv.weight");
    int size = kernels.length / channels;
    return IntStream.range(0, channels)
        .filter(k -> IntStream.range(k * size, (k + 1) * size).allMatch(i -> kernels[i] == 0))
        .toArray();
  }
}
