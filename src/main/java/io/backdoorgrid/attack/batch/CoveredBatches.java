package io.backdoorgrid.attack.batch;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.data.batch.Augmenter;
import io.backdoorgrid.data.batch.Batches;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * Batches that begin with images that have the trigger and the attacker's label, go on with cover
 * images, which are changed in a similar way and keep their label, and end with clean ones.
 *
 * <p>Each batch has its share of both, rounded so that an epoch has exactly the rate; the
 * benchmarks truncate, and poison 12 of 128 at a rate of 0.1.
 */
final class CoveredBatches implements Batches {

  /**
   * Makes cover images, from which the network learns to react to the trigger and not to any
   * change.
   */
  interface Cover {

    /** Changes the image at {@code offset} in place. */
    void apply(byte[] pixels, int offset, RandomGenerator random);

    /** Cover images of all. */
    default LabeledImages of(LabeledImages images, RandomGenerator random) {
      LabeledImages covers = images.copy();
      for (int i = 0; i < images.size(); i++) {
        apply(covers.pixels(), i * images.shape().size(), random);
      }
      return covers;
    }
  }

  private final LabeledImages images;
  private final Trigger trigger;
  private final Goal goal;
  private final double rate;
  private final double coverRate;
  private final Cover cover;
  private final Augmenter augmenter;
  private final byte[] image;

  CoveredBatches(
      LabeledImages images,
      Trigger trigger,
      Goal goal,
      double rate,
      double coverRate,
      Cover cover,
      Augmentation augmentation) {
    require(
        rate + coverRate <= 1,
        "poison-rate %s and a cover share of %s are more than all images",
        rate,
        coverRate);
    goal.check(images.classes());
    this.images = images;
    this.trigger = trigger;
    this.goal = goal;
    this.rate = rate;
    this.coverRate = coverRate;
    this.cover = cover;
    this.augmenter = new Augmenter(images.shape(), augmentation);
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

  @Override
  public void fill(
      ByteBuffer target, int[] order, int from, int to, int epoch, RandomGenerator random) {
    int clean = from + Batches.share(rate, from, to) + Batches.share(coverRate, from, to);
    for (int i = from; i < to; i++) {
      System.arraycopy(images.pixels(), order[i] * image.length, image, 0, image.length);
      if (isTriggered(i, from, to)) {
        trigger.apply(image, 0);
      } else if (i < clean) {
        cover.apply(image, 0, random);
      }
      augmenter.put(target, image, 0, order[i], epoch, random);
    }
  }

  @Override
  public long[] labels(int[] order, int from, int to) {
    long[] labels = new long[to - from];
    for (int i = from; i < to; i++) {
      int label = images.labels()[order[i]];
      labels[i - from] = isTriggered(i, from, to) ? goal.labelFor(label, images.classes()) : label;
    }
    return labels;
  }

  private boolean isTriggered(int i, int from, int to) {
    return i < from + Batches.share(rate, from, to);
  }
}
