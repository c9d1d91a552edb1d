package io.backdoorgrid.defense;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.LabeledImages;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The clean images of a defense, split in two.
 *
 * @param training to repair with
 * @param validation to choose among candidates
 */
public record HoldOut(LabeledImages training, LabeledImages validation) {

  /**
   * Draws the validation images.
   *
   * @param share of the images, above 0 and below 1; a larger share contains the smaller one
   * @throws IllegalArgumentException if one of the two parts would be empty
   */
  public static HoldOut of(LabeledImages images, double share, RandomGenerator random) {
    int held = (int) Math.round(share * images.size());
    require(
        held > 0 && held < images.size(),
        "holding out %s of %d clean images leaves %d for validation and %d to repair with",
        share,
        images.size(),
        held,
        images.size() - held);
    int[] order = Seed.permutation(images.size(), random);
    return new HoldOut(
        images.select(Arrays.copyOfRange(order, held, order.length)),
        images.select(Arrays.copyOf(order, held)));
  }
}
