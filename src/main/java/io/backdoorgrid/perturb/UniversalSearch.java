package io.backdoorgrid.perturb;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requireShare;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The search for one shift that misleads a network on most images (Moosavi-Dezfooli et al., CVPR
 * 2017), toward a class: passes over some images, in which every image that the network still
 * classifies as before is moved by {@link DeepFool}, and the move is added to the shift.
 *
 * <p>Shifted images are clipped to the scale 0 to 255 and truncated to bytes; the authors' codes
 * leave the sum as it is.
 *
 * @param images drawn from the training set for the passes, at least 1
 * @param heldOut further images, on which success is measured, at least 1
 * @param passes most passes over the images, at least 1
 * @param fooling the search ends when the shift changes the predicted class of this share of the
 *     held-out images, 0 to 1
 * @param patience the search also ends when that share has stayed within 0.01 for this many passes,
 *     at least 2
 * @param deepFool how an image is moved
 */
public record UniversalSearch(
    int images, int heldOut, int passes, double fooling, int patience, DeepFool deepFool) {

  /** A smaller change is no progress. */
  private static final double STALLED = 0.01;

  public UniversalSearch {
    require(images >= 1, "images must be at least 1, got %d", images);
    require(heldOut >= 1, "held-out must be at least 1, got %d", heldOut);
    require(passes >= 1, "passes must be at least 1, got %d", passes);
    requireShare("fooling", fooling);
    require(patience >= 2, "patience must be at least 2, got %d", patience);
  }

  /** Images, and the classes that a network predicts for them. */
  private record Sample(LabeledImages images, int[] before) {

    static Sample of(Classifier network, LabeledImages all, int[] positions) {
      LabeledImages images = all.select(positions);
      return new Sample(images, network.predict(images));
    }

    LabeledImages shifted(int[] positions, float[] shift) {
      LabeledImages shifted = images.select(positions);
      for (int i = 0; i < positions.length; i++) {
        Pixels.add(shifted.pixels(), i * shift.length, shift);
      }
      return shifted;
    }

    double fooled(Classifier network, float[] shift) {
      LabeledImages shifted = shifted(IntStream.range(0, before.length).toArray(), shift);
      return 1 - LabeledImages.percentEqual(network.predict(shifted), before) / 100;
    }
  }

  /**
   * Searches in float32.
   *
   * @param network left as it is
   * @param all images to draw from
   * @param target the class to lead to
   * @param takeUp makes the next shift of one and of an image's move
   * @return what is added to each byte of an image
   * @throws IllegalArgumentException if there is no such class, there are not that many images, or
   *     none could be moved
   */
  public float[] find(
      Classifier network,
      LabeledImages all,
      int target,
      BinaryOperator<float[]> takeUp,
      RandomGenerator random) {
    require(
        target < all.classes(), "target %d is not one of the %d classes", target, all.classes());
    require(
        images + heldOut <= all.size(),
        "images and held-out make %d, but there are %d training images",
        images + heldOut,
        all.size());
    try (Classifier exact = network.copy(Precision.FLOAT32)) {
      int[] order = Seed.permutation(all.size(), random);
      var seen = Sample.of(exact, all, Arrays.copyOf(order, images));
      var unseen = Sample.of(exact, all, Arrays.copyOfRange(order, images, images + heldOut));

      float[] shift = new float[all.shape().size()];
      var rates = new ArrayList<Double>();
      while (rates.size() < passes && !isDone(rates)) {
        shift = pass(exact, seen, target, shift, takeUp, random);
        rates.add(unseen.fooled(exact, shift));
      }
      requireMoved(shift);
      return shift;
    }
  }

  private boolean isDone(List<Double> rates) {
    if (rates.isEmpty()) {
      return false;
    }
    var last =
        rates.subList(Math.max(0, rates.size() - patience), rates.size()).stream()
            .mapToDouble(rate -> rate)
            .summaryStatistics();
    return rates.get(rates.size() - 1) >= fooling
        || last.getCount() == patience && last.getMax() - last.getMin() < STALLED;
  }

  private float[] pass(
      Classifier network,
      Sample seen,
      int target,
      float[] shift,
      BinaryOperator<float[]> takeUp,
      RandomGenerator random) {
    float[] next = shift;
    for (int i : Seed.permutation(images, random)) {
      if (seen.before()[i] == target) {
        continue; // there already
      }
      LabeledImages image = seen.shifted(new int[] {i}, next);
      if (network.predict(image)[0] == seen.before()[i]) {
        float[] current = next;
        next =
            deepFool
                .towards(target, network, image.pixels())
                .map(move -> takeUp.apply(current, move))
                .orElse(current);
      }
    }
    return next;
  }

  private void requireMoved(float[] shift) {
    boolean moved = false;
    for (float value : shift) {
      moved |= value != 0;
    }
    require(moved, "no image of %d could be moved to the target class", images);
  }
}
