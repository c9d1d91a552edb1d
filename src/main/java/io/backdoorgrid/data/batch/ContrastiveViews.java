package io.backdoorgrid.data.batch;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.Crop;
import io.backdoorgrid.data.FloatImage;
import io.backdoorgrid.data.LabeledImages;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Batches of pairs of random views for contrastive learning, in plain memory: first one view of
 * each image, then another of each. Labels are passed on, not looked at. For use by one thread.
 */
public final class ContrastiveViews implements Batches {

  private static final int VIEWS = 2;
  private static final int JITTERS = 4;

  private final LabeledImages images;
  private final ContrastiveAugmentation augmentation;
  private final FloatImage image;
  private final byte[] view;

  /**
   * @throws IllegalArgumentException if images have neither 1 nor 3 channels
   */
  public ContrastiveViews(LabeledImages images, ContrastiveAugmentation augmentation) {
    this.images = images;
    this.augmentation = augmentation;
    this.image = new FloatImage(images.shape());
    this.view = new byte[images.shape().size()];
  }

  @Override
  public int size() {
    return images.size();
  }

  @Override
  public int bytes(int count) {
    return VIEWS * count * view.length;
  }

  @Override
  public void fill(
      ByteBuffer target, int[] order, int from, int to, int epoch, RandomGenerator random) {
    for (int pass = 0; pass < VIEWS; pass++) {
      for (int i = from; i < to; i++) {
        image.read(images.pixels(), order[i] * view.length);
        vary(random);
        image.write(view);
        target.put(view);
      }
    }
  }

  @Override
  public long[] labels(int[] order, int from, int to) {
    return Arrays.stream(order, from, to).mapToLong(i -> images.labels()[i]).toArray();
  }

  private void vary(RandomGenerator random) {
    if (augmentation.minArea() < 1) {
      image.crop(Crop.random(images.shape(), augmentation.minArea(), random));
    }
    if (happens(augmentation.flip(), random)) {
      image.mirror();
    }
    if (happens(augmentation.jitter(), random)) {
      for (int which : Seed.permutation(JITTERS, random)) {
        jitter(which, random);
      }
    }
    if (happens(augmentation.grayscale(), random)) {
      image.gray();
    }
    if (happens(augmentation.blur(), random)) {
      image.blur(between(augmentation.minSigma(), augmentation.maxSigma(), random));
    }
  }

  private void jitter(int which, RandomGenerator random) {
    switch (which) {
      case 0 -> image.brighten(factor(augmentation.brightness(), random));
      case 1 -> image.contrast(factor(augmentation.contrast(), random));
      case 2 -> image.saturate(factor(augmentation.saturation(), random));
      default -> image.turnHue(between(-augmentation.hue(), augmentation.hue(), random));
    }
  }

  private static double factor(double strength, RandomGenerator random) {
    return between(Math.max(0, 1 - strength), 1 + strength, random);
  }

  private static double between(double low, double high, RandomGenerator random) {
    return low + (high - low) * random.nextDouble();
  }

  private static boolean happens(double probability, RandomGenerator random) {
    return probability > 0 && random.nextDouble() < probability;
  }
}
