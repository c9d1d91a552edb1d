package io.backdoorgrid.analysis;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.data.LabeledImages;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Test images without and with the trigger, matched one to one. Images that already belong to the
 * wanted class are left out.
 *
 * @param clean under their true labels
 * @param triggered the same images in the same order with the trigger on, under the same labels
 * @param wanted the attacker's label of each
 */
public record Pairs(LabeledImages clean, LabeledImages triggered, int[] wanted) {

  public Pairs {
    require(
        Arrays.equals(clean.labels(), triggered.labels()) && wanted.length == clean.size(),
        "%d clean and %d triggered images with %d wanted labels are no pairs of the same images",
        clean.size(),
        triggered.size(),
        wanted.length);
  }

  public int size() {
    return wanted.length;
  }

  /** The given number of pairs, drawn at random; all if there are fewer. */
  Pairs sample(int count, RandomGenerator random) {
    return select(Samples.of(size(), count, random));
  }

  Pairs select(int[] positions) {
    return new Pairs(
        clean.select(positions),
        triggered.select(positions),
        Arrays.stream(positions).map(i -> wanted[i]).toArray());
  }

  /** The triggered images under the labels that the attacker wants. */
  LabeledImages asWanted() {
    return new LabeledImages(triggered.shape(), triggered.classes(), triggered.pixels(), wanted);
  }
}
