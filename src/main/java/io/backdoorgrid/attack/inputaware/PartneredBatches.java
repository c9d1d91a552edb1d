package io.backdoorgrid.attack.inputaware;

import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.data.batch.Augmenter;
import io.backdoorgrid.data.batch.Batches;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * Batches of which the first images have the attacker's label, and which bring one more image for
 * each of these, drawn at random: behind the batch comes a second view of so many images.
 *
 * <p>They have no trigger yet, since it depends on networks that are being trained. Each batch has
 * its share of them, rounded so that an epoch has exactly the rate; at low rates some batches have
 * none.
 */
final class PartneredBatches implements Batches {

  private final LabeledImages images;
  private final Goal goal;
  private final double rate;
  private final Augmenter augmenter;
  private final int size;

  PartneredBatches(LabeledImages images, Goal goal, double rate, Augmentation augmentation) {
    goal.check(images.classes());
    this.images = images;
    this.goal = goal;
    this.rate = rate;
    this.augmenter = new Augmenter(images.shape(), augmentation);
    this.size = images.shape().size();
  }

  @Override
  public int size() {
    return images.size();
  }

  @Override
  public int bytes(int count) {
    int partners = Math.min(count, (int) (rate * count) + 1);
    return (count + partners) * size;
  }

  @Override
  public void fill(
      ByteBuffer target, int[] order, int from, int to, int epoch, RandomGenerator random) {
    for (int i = from; i < to; i++) {
      put(target, order[i], epoch, random);
    }
    for (int i = 0; i < Batches.share(rate, from, to); i++) {
      put(target, random.nextInt(images.size()), epoch, random);
    }
  }

  private void put(ByteBuffer target, int image, int epoch, RandomGenerator random) {
    augmenter.put(target, images.pixels(), image * size, image, epoch, random);
  }

  @Override
  public long[] labels(int[] order, int from, int to) {
    int wanted = from + Batches.share(rate, from, to);
    long[] labels = new long[to - from];
    for (int i = from; i < to; i++) {
      int label = images.labels()[order[i]];
      labels[i - from] = i < wanted ? goal.labelFor(label, images.classes()) : label;
    }
    return labels;
  }
}
