package io.backdoorgrid.bench;

import ai.djl.Device;
import io.backdoorgrid.torch.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** Times something again and again. */
final class Repeats {

  /** Shorter than this, a repeat runs its body several times, so that the clock does not matter. */
  private static final double LEAST_SECONDS = 0.1;

  private static final int WARM_UPS = 2;

  private Repeats() {}

  /**
   * Seconds of one run of {@code body}, measured {@code repeats} times after it has warmed up.
   *
   * @param device that the body computes on
   */
  static List<Double> seconds(Device device, int repeats, Runnable body) {
    double once = 0;
    for (int i = 0; i < WARM_UPS; i++) {
      once = time(device, body, 1);
    }
    int runs = (int) Math.max(1, Math.ceil(LEAST_SECONDS / once));
    var seconds = new ArrayList<Double>();
    for (int i = 0; i < repeats; i++) {
      seconds.add(time(device, body, runs));
    }
    return seconds;
  }

  private static double time(Device device, Runnable body, int runs) {
    long start = System.nanoTime();
    for (int i = 0; i < runs; i++) {
      body.run();
    }
    Torch.await(device);
    return (System.nanoTime() - start) / 1e9 / runs;
  }

  static List<Double> each(List<Double> values, DoubleUnaryOperator change) {
    return values.stream().map(change::applyAsDouble).toList();
  }
}
