package io.backdoorgrid.algorithm;

import java.util.Comparator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Positions in the order of their values; of equal ones the first comes first. */
public final class Order {

  private Order() {}

  public static int[] ascending(double[] values) {
    return ascending(values.length, i -> values[i]);
  }

  public static int[] ascending(float[] values) {
    return ascending(values.length, i -> values[i]);
  }

  private static int[] ascending(int count, IntToDoubleFunction value) {
    return IntStream.range(0, count)
        .boxed()
        .sorted(Comparator.comparingDouble(value::applyAsDouble))
        .mapToInt(i -> i)
        .toArray();
  }
}
