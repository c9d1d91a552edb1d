package io.backdoorgrid.data;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.algorithm.Seed;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Who sees which training images: the victim's training, and the defender.
 *
 * <p>A share of the images is held out from the victim (5 % in the CLP paper); clean-data defenses
 * are given part of it (1 %), so that no defense fine-tunes on what the victim has seen, and the
 * rest (4 %) is never used. The held-out part is one shuffled list: a larger clean share contains
 * the smaller one.
 *
 * @param victim positions for the victim's training
 * @param heldOut positions that the victim never sees
 * @param total how many images there are in all
 */
public record Split(int[] victim, int[] heldOut, int total) {

  /**
   * Splits {@code total} images at random.
   *
   * @param share of the images to hold out, 0 to below 1
   */
  public static Split of(int total, double share, RandomGenerator random) {
    require(share >= 0 && share < 1, "the held-out share must be from 0 to below 1, got %s", share);
    int[] order = Seed.permutation(total, random);
    int held = total - victimSize(total, share);
    return new Split(Arrays.copyOfRange(order, held, total), Arrays.copyOf(order, held), total);
  }

  /**
   * How many images the victim's training gets.
   *
   * @param share of the {@code total} images to hold out
   */
  public static int victimSize(int total, double share) {
    return total - (int) Math.round(share * total);
  }

  /**
   * Positions of the images that a defender may see.
   *
   * @param ratio share of all {@link #total} images
   */
  public int[] clean(double ratio) {
    int count = (int) Math.round(ratio * total);
    require(
        count <= heldOut.length,
        "a clean ratio of %s asks for %d images, but only %d are held out",
        ratio,
        count,
        heldOut.length);
    return Arrays.copyOf(heldOut, count);
  }
}
