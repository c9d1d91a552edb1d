package io.backdoorgrid.data.batch;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.data.ImageShape;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Crops and mirrors images in plain memory, one after another. For use by one thread. */
public final class Augmenter {

  private static final long FLIP_HASH = 0x9E3779B97F4A7C15L;

  private final ImageShape shape;
  private final Augmentation augmentation;
  private final byte[] image;

  /**
   * @throws IllegalArgumentException if a crop could miss the image altogether
   */
  public Augmenter(ImageShape shape, Augmentation augmentation) {
    int edge = Math.min(shape.height(), shape.width());
    require(
        augmentation.crop() <= edge,
        "a crop by up to %d pixels misses images of %s",
        augmentation.crop(),
        shape);
    this.shape = shape;
    this.augmentation = augmentation;
    this.image = new byte[shape.size()];
  }

  /**
   * Copies an image, augmented.
   *
   * @param position of its first byte
   * @param id of the image in its data set, by which alternating flips are chosen
   * @param epoch counted from 0, likewise
   */
  public void put(
      ByteBuffer target, byte[] pixels, int position, int id, int epoch, RandomGenerator random) {
    int down = shift(random);
    int right = shift(random);
    boolean flip = flip(id, epoch, random);
    if (down == 0 && right == 0 && !flip) {
      target.put(pixels, position, image.length);
    } else {
      crop(pixels, position, down, right);
      if (flip) {
        mirror();
      }
      target.put(image);
    }
  }

  private int shift(RandomGenerator random) {
    int pad = augmentation.crop();
    return pad == 0 ? 0 : random.nextInt(2 * pad + 1) - pad;
  }

  private boolean flip(int id, int epoch, RandomGenerator random) {
    return switch (augmentation.flip()) {
      case NONE -> false;
      case RANDOM -> random.nextBoolean();
      case ALTERNATING -> (((id + 1) * FLIP_HASH >>> 63) + epoch) % 2 == 0;
    };
  }

  /** The window that lies {@code down} and {@code right} of the image, black beyond its edges. */
  private void crop(byte[] pixels, int position, int down, int right) {
    Arrays.fill(image, (byte) 0);
    int columns = (shape.width() - Math.abs(right)) * shape.channels();
    for (int row = Math.max(0, -down);
        row < Math.min(shape.height(), shape.height() - down);
        row++) {
      int source = position + shape.offset(row + down, Math.max(0, right));
      System.arraycopy(pixels, source, image, shape.offset(row, Math.max(0, -right)), columns);
    }
  }

  private void mirror() {
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
