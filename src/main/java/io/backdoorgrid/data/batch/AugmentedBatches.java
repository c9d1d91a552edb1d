package io.backdoorgrid.data.batch;

import io.backdoorgrid.data.LabeledImages;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Labeled images, cropped and mirrored: rows are copied whole, so that a batch costs far less than
 * a training step on it. For use by one thread.
 */
public final class AugmentedBatches implements Batches {

  private final LabeledImages images;
  private final Augmenter augmenter;

  /**
   * @throws IllegalArgumentException if a crop could miss the image altogether
   */
  public AugmentedBatches(LabeledImages images, Augmentation augmentation) {
    this.images = images;
    this.augmenter = new Augmenter(images.shape(), augmentation);
  }

  @Override
  public int size() {
    return images.size();
  }

  @Override
  public int bytes(int count) {
    return count * images.shape().size();
  }

  @Override
  public void fill(
      ByteBuffer target, int[] order, int from, int to, int epoch, RandomGenerator random) {
    for (int i = from; i < to; i++) {
      int position = order[i] * images.shape().size();
      augmenter.put(target, images.pixels(), position, order[i], epoch, random);
    }
  }

  @Override
  public long[] labels(int[] order, int from, int to) {
    return Arrays.stream(order, from, to).mapToLong(i -> images.labels()[i]).toArray();
  }
}
