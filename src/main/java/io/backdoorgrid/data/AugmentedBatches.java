package io.backdoorgrid.data;

import static io.backdoorgrid.algorithm.Checks.require;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Labelled images, cropped and mirrored: rows are copied whole, so that a batch costs far less than
 * a training step on it. For use by one thread.
 */
public final class AugmentedBatches implements Batches {

  private static final long FLIP_HASH = 0x9E3779B97F4A7C15L;

  private final LabeledImages images;
  private final Augmentation augmentation;
  private final byte[] image;

  /**
   * @throws IllegalArgumentException if a crop could miss the image altogether
   */
  public AugmentedBatches(LabeledImages images, Augmentation augmentation) {
    int edge = Math.min(images.shape().height(), images.shape().width());
    require(
        augmentation.pad() <= edge,
        "a crop by up to %d pixels misses images of %s",
        augmentation.pad(),
        images.shape());
    this.images = images;
    this.augmentation = augmentation;
    this.image = new byte[images.shape().size()];
  }

  @Override
  public int size() {
    return images.size();
  }

  @Override
  public int bytes(int count) {
    return count * image.length;
  }

  /**
   * {@inheritDoc}
   *
   * <p>They are augmented one after another; the epoch is for flips that alternate.
   */
  @Override
  public void fill(
      ByteBuffer target, int[] order, int from, int to, int epoch, RandomGenerator random) {
    int size = images.shape().size();
    for (int i = from; i < to; i++) {
      int position = order[i] * size;
      int down = shift(random);
      int right = shift(random);
      boolean flip = flip(order[i], epoch, random);
      if (down == 0 && right == 0 && !flip) {
        target.put(images.pixels(), position, size);
      } else {
        crop(position, down, right);
        if (flip) {
          mirror();
        }
        target.put(image);
      }
    }
  }

  @Override
  public long[] labels(int[] order, int from, int to) {
    return Arrays.stream(order, from, to).mapToLong(i -> images.labels()[i]).toArray();
  }

  private int shift(RandomGenerator random) {
    int pad = augmentation.pad();
    return pad == 0 ? 0 : random.nextInt(2 * pad + 1) - pad;
  }

  private boolean flip(int position, int epoch, RandomGenerator random) {
    return switch (augmentation.flip()) {
      case NONE -> false;
      case RANDOM -> random.nextBoolean();
      case ALTERNATING -> (((position + 1) * FLIP_HASH >>> 63) + epoch) % 2 == 0;
    };
  }

  /** The window that lies {@code down} and {@code right} of the image, black beyond its edges. */
  private void crop(int position, int down, int right) {
    ImageShape shape = images.shape();
    Arrays.fill(image, (byte) 0);
    int columns = (shape.width() - Math.abs(right)) * shape.channels();
    for (int row = Math.max(0, -down);
        row < Math.min(shape.height(), shape.height() - down);
        row++) {
      int source = position + shape.offset(row + down, Math.max(0, right));
      System.arraycopy(
          images.pixels(), source, image, shape.offset(row, Math.max(0, -right)), columns);
    }
  }

  private void mirror() {
    ImageShape shape = images.shape();
    int channels = shape.channels();
    for (int row = 0; row < shape.height(); row++) {
      int left = shape.offset(row, 0);
      int right = shape.offset(row, shape.width() - 1);
      for (; left < right; left += channels, right -= channels) {
        for (int c = 0; c < channels; c++) {
          byte kept = image[left + c];
          image[left + c] = image[right + c];
          image[right + c] = kept;
        }
      }
    }
  }
}
