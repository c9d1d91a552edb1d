package io.backdoorgrid.run.view;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Attacks;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.set.DataSet;
import io.backdoorgrid.data.set.DataSets;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.run.RunException;
import io.backdoorgrid.run.victim.DataFolders;
import io.backdoorgrid.train.DivergedException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A few test images, and what they look like under attack. It may own a network, and must be
 * closed.
 */
public final class Specimens implements AutoCloseable {

  private final LabeledImages originals;
  private final Rehearsal rehearsal;

  /**
   * @param originals as the data set has them
   */
  Specimens(LabeledImages originals, Rehearsal rehearsal) {
    this.originals = originals;
    this.rehearsal = rehearsal;
  }

  /**
   * Draws test images of as many classes as possible.
   *
   * @param seed of the choice and of the triggers; a victim draws its own
   * @param training of networks, if an attack asks for one
   * @param listener is told in a line each what takes its time
   * @throws io.backdoorgrid.data.BadDataException if the data set is not there
   * @throws IllegalArgumentException if it does not have that many test images
   */
  public static Specimens draw(
      Spec dataset,
      Path dataDirectory,
      int count,
      long seed,
      SmallTraining training,
      Consumer<String> listener) {
    DataFolders.require(List.of(dataset), dataDirectory);
    DataSet.Images data = DataSets.REGISTRY.create(dataset).load(dataDirectory);
    LabeledImages test = data.test();
    require(
        count >= 1 && count <= test.size(),
        "images must be from 1 to %d, got %d",
        test.size(),
        count);
    var source = new Seed("specimens/" + seed);
    return new Specimens(
        test.select(choose(test, count, source.stream("images"))),
        new Rehearsal(data, training, source, listener));
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

  /** As the data set has them. */
  public LabeledImages originals() {
    return originals;
  }

  /**
   * The images under an attack.
   *
   * @throws IllegalArgumentException if it cannot be had on images of that shape
   * @throws RunException if a training that it needs has led nowhere
   */
  public LabeledImages under(Spec spec) {
    LabeledImages images = originals.copy();
    try {
      rehearsal
          .trigger(Attacks.REGISTRY.create(spec), spec.name())
          .ifPresent(trigger -> trigger.apply(images, IntStream.range(0, images.size()).toArray()));
    } catch (DivergedException e) {
      throw RunException.notShown(spec.name(), e);
    }
    return images;
  }

  @Override
  public void close() {
    rehearsal.close();
  }
}
