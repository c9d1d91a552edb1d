package io.backdoorgrid.attack.training;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.data.batch.AugmentedBatches;
import io.backdoorgrid.data.batch.Batches;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Batches of clean images, followed by copies of the first of them with the trigger and the
 * attacker's label. The trigger may change from epoch to epoch. It is applied after augmentation,
 * so that it lies where test images have it.
 */
final class AppendedBatches implements Batches {

  private final LabeledImages images;
  private final Batches clean;
  private final Goal goal;
  private final Supplier<Trigger> triggers;
  private final double added;
  private final byte[] image;
  private Trigger trigger;

  /**
   * @param rate the triggered ones' share of all images in an epoch, 0 to 0.5
   * @param triggers called before every epoch
   */
  AppendedBatches(
      LabeledImages images,
      Goal goal,
      double rate,
      Augmentation augmentation,
      Supplier<Trigger> triggers) {
    require(
        rate >= 0 && rate <= 0.5,
        "poison-rate must be from 0 to 0.5 where each image is there without the trigger too,"
            + " got %s",
        rate);
    goal.check(images.classes());
    this.images = images;
    this.clean = new AugmentedBatches(images, augmentation);
    this.goal = goal;
    this.triggers = triggers;
    this.added = rate / (1 - rate);
    this.image = new byte[images.shape().size()];
  }

  /** That of the latest epoch. */
  Trigger trigger() {
    return trigger;
  }

  @Override
  public int size() {
    return images.size();
  }

  @Override
  public int bytes(int count) {
    return (count + (int) Math.ceil(added * count) + 1) * image.length;
  }

  @Override
  public void startEpoch() {
    trigger = triggers.get();
  }

  @Override
  public void fill(
      ByteBuffer target, int[] order, int from, int to, int epoch, RandomGenerator random) {
    int start = target.position();
    clean.fill(target, order, from, to, epoch, random);
    int copies = Batches.share(added, from, to);
    for (int i = 0; i < copies; i++) {
      target.get(start + i * image.length, image);
      trigger.apply(image, 0);
      target.put(image);
    }
  }

  @Override
  public long[] labels(int[] order, int from, int to) {
    int copies = Batches.share(added, from, to);
    long[] labels = Arrays.copyOf(clean.labels(order, from, to), to - from + copies);
    for (int i = 0; i < copies; i++) {
      labels[to - from + i] = goal.labelFor((int) labels[i], images.classes());
    }
    return labels;
  }
}
