package io.backdoorgrid.analysis;

import io.backdoorgrid.algorithm.Seed;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Draws the images of an analysis. */
final class Samples {

  /**
   * The same draws for every victim, so that victims of one test set are seen on the same images.
   */
  private static final Seed SEED = new Seed("analysis");

  private Samples() {}

  /** The generator for one purpose. */
  static RandomGenerator random(String purpose) {
    return SEED.stream(purpose);
  }

  /**
   * The given number of different positions below {@code total}, all if there are fewer, in random
   * order.
   */
  static int[] of(int total, int count, RandomGenerator random) {
    return Arrays.copyOf(Seed.permutation(total, random), Math.min(count, total));
  }

  /**
   * The given number of positions, all if there are fewer, balanced between classes: one of each
   * class in turn.
   */
  static int[] balanced(int[] labels, int classes, int count, RandomGenerator random) {
    int[] order = Seed.permutation(labels.length, random);
    int[] rank = new int[labels.length]; // how many of its class come before
    int[] seen = new int[classes];
    for (int position : order) {
      rank[position] = seen[labels[position]]++;
    }
    return Arrays.stream(order)
        .boxed()
        .sorted((a, b) -> Integer.compare(rank[a], rank[b])) // stable
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
