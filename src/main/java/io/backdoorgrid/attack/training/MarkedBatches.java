package io.backdoorgrid.attack.training;

import io.backdoorgrid.attack.Poisoning;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.data.batch.AugmentedBatches;
import io.backdoorgrid.data.batch.Batches;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Batches of a poisoned training set that tell which of their images are clean. */
final class MarkedBatches implements Batches {

  private final Batches batches;
  private final int[] poisoned;
  private long[] clean = {};

  MarkedBatches(Poisoning poisoning, Augmentation augmentation) {
    this.batches = new AugmentedBatches(poisoning.images(), augmentation);
    this.poisoned = poisoning.poisoned();
  }

  @Override
  public int size() {
    return batches.size();
  }

  @Override
  public int bytes(int count) {
    return batches.bytes(count);
  }

  @Override
  public void fill(
      ByteBuffer target, int[] order, int from, int to, int epoch, RandomGenerator random) {
    batches.fill(target, order, from, to, epoch, random);
    clean =
        IntStream.range(from, to)
            .filter(i -> Arrays.binarySearch(poisoned, order[i]) < 0)
            .mapToLong(i -> i - from)
            .toArray();
  }

  @Override
  public long[] labels(int[] order, int from, int to) {
    return batches.labels(order, from, to);
  }

  /** Where the clean images are in the batch that was filled last. */
  long[] clean() {
    return clean.clone();
  }
}
