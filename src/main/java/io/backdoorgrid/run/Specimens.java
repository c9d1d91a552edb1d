package io.backdoorgrid.run;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Attack;
import io.backdoorgrid.attack.Attacks;
import io.backdoorgrid.attack.BackdoorAttack;
import io.backdoorgrid.attack.BatchAttack;
import io.backdoorgrid.attack.ModelFreeAttack;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.data.DataSets;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.grid.Spec;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A few test images, and what they look like under attack.
 *
 * @param originals as the data set has them
 * @param seed of the triggers; a victim draws its own
 */
public record Specimens(LabeledImages originals, Seed seed) {

  /**
   * Draws test images of as many classes as possible.
   *
   * @throws io.backdoorgrid.data.BadDataException if the data set is not there
   * @throws IllegalArgumentException if it does not have that many test images
   */
  public static Specimens draw(Spec dataset, Path dataDirectory, int count, long seed) {
    Runs.requireFolder(dataset, dataDirectory);
    LabeledImages test = DataSets.REGISTRY.create(dataset).load(dataDirectory).test();
    require(
        count >= 1 && count <= test.size(),
        "images must be from 1 to %d, got %d",
        test.size(),
        count);
    var source = new Seed("specimens/" + seed);
    return new Specimens(test.select(choose(test, count, source.stream("images"))), source);
  }

  /**
   * Positions of images at random, ordered by class; no class has two more than another that has
   * any left.
   */
  static int[] choose(LabeledImages images, int count, RandomGenerator random) {
    int[] order = Seed.permutation(images.size(), random);
    int[] drawn = new int[images.classes()];
    int[] round = new int[images.size()];
    for (int i : order) {
      round[i] = drawn[images.labels()[i]]++;
    }
    return Arrays.stream(order)
        .boxed()
        .sorted(Comparator.comparingInt(i -> round[i]))
        .limit(count)
        .sorted(Comparator.comparingInt(i -> images.labels()[i]))
        .mapToInt(i -> i)
        .toArray();
  }

  /**
   * The images under an attack.
   *
   * @throws IllegalArgumentException if it cannot be had on images of that shape
   */
  public LabeledImages under(Spec spec) {
    Attack attack = Attacks.REGISTRY.create(spec);
    LabeledImages images = originals.copy();
    if (attack instanceof BackdoorAttack planting) {
      trigger(planting).apply(images, IntStream.range(0, images.size()).toArray());
    }
    return images;
  }

  private Trigger trigger(BackdoorAttack attack) {
    RandomGenerator random = seed.stream("trigger");
    if (attack instanceof ModelFreeAttack modelFree) {
      return modelFree.trigger(originals.shape(), random);
    }
    if (attack instanceof BatchAttack batches) {
      return batches.trigger(originals.shape(), random);
    }
    throw new IllegalArgumentException("its trigger is learned in training, and none is shown");
  }
}
