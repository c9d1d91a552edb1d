package io.backdoorgrid.defense.training;

import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.data.batch.AugmentedBatches;
import io.backdoorgrid.data.batch.Batches;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * Batches of three equal parts: augmented images with labels, images without, and the latter once
 * more, augmented. An epoch goes once through the larger set and around the smaller one. Without
 * images of the second kind, there is but the first part.
 */
public final class MixedBatches implements Batches {

  private final AugmentedBatches labeled;
  private final AugmentedBatches plain;
  private final AugmentedBatches varied;

  /**
   * @param labeled at least one image
   */
  public MixedBatches(LabeledImages labeled, LabeledImages unlabeled, Augmentation augmentation) {
    this.labeled = new AugmentedBatches(labeled, augmentation);
    this.plain = new AugmentedBatches(unlabeled, Augmentation.NONE);
    this.varied = new AugmentedBatches(unlabeled, augmentation);
  }

  @Override
  public int size() {
    return Math.max(labeled.size(), plain.size());
  }

  @Override
  public int bytes(int count) {
    return (plain.size() == 0 ? 1 : 3) * labeled.bytes(count);
  }

  @Override
  public void fill(
      ByteBuffer target, int[] order, int from, int to, int epoch, RandomGenerator random) {
    labeled.fill(target, around(labeled, order, from, to), 0, to - from, epoch, random);
    if (plain.size() > 0) {
      int[] positions = around(plain, order, from, to);
      plain.fill(target, positions, 0, positions.length, epoch, random);
      varied.fill(target, positions, 0, positions.length, epoch, random);
    }
  }

  /** The labels of the first part. */
  @Override
  public long[] labels(int[] order, int from, int to) {
    return labeled.labels(around(labeled, order, from, to), 0, to - from);
  }

  private static int[] around(Batches part, int[] order, int from, int to) {
    int[] positions = new int[to - from];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = order[from + i] % part.size();
    }
    return positions;
  }
}
