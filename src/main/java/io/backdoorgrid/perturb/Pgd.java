package io.backdoorgrid.perturb;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requirePositive;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.Torch;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Projected gradient descent (Madry et al., ICLR 2018) in the L-infinity norm, without a random
 * start: steps along the sign of a loss's gradient, each followed by a return to the box of images
 * that differ by at most eps per byte.
 *
 * @param eps radius of the box on the scale 0 to 255, positive
 * @param step on the same scale, positive
 * @param iterations number of steps, at least 1
 */
public record Pgd(double eps, double step, int iterations) {

  /** Images at a time; the memory of a core's share of the work. */
  private static final int BATCH = 64;

  public Pgd {
    requirePositive("eps", eps);
    requirePositive("step", step);
    require(iterations >= 1, "iterations must be at least 1, got %d", iterations);
  }

  /**
   * Moves images to where a loss is larger.
   *
   * @param pixels (n, height, width, channels), on the scale 0 to 255; left as they are
   * @param loss one number for such images; gradients are recorded
   * @return images of the same shape and scale, with fractions, owned by the same manager
   */
  public NDArray climb(NDArray pixels, UnaryOperator<NDArray> loss) {
    NDManager owner = pixels.getManager();
    try (NDManager box = owner.newSubManager()) {
      NDArray start = pixels.duplicate();
      start.attach(box);
      NDArray least = start.sub(eps).clip(0, 255);
      NDArray most = start.add(eps).clip(0, 255);
      NDArray now = start;
      for (int i = 0; i < iterations; i++) {
        try (NDManager pass = box.newSubManager()) {
          now.attach(pass);
          NDArray moved = now.add(slopes(now, loss).sign().mul(step));
          now = moved.maximum(least).minimum(most);
          now.attach(box);
        }
      }
      now.attach(owner);
      return now;
    }
  }

  private static NDArray slopes(NDArray pixels, UnaryOperator<NDArray> loss) {
    pixels.setRequiresGradient(true);
    return Ops.gradients(Torch.recording(() -> loss.apply(pixels)), List.of(pixels)).get(0);
  }

  /**
   * Makes some images hard for {@code network}, in place: climbs the cross entropy with their
   * labels, and cuts fractions off.
   *
   * <p>They come out the same, bit by bit, whatever the network's precision and the number of
   * cores: batches are the same and computed in float32 on one core each. (On a GPU, gradients of
   * convolutions may be summed in any order.)
   */
  public void harden(LabeledImages images, int[] positions, Classifier network) {
    int batches = (positions.length + BATCH - 1) / BATCH;
    Torch.sideBySide(
        network.design().device(),
        batches,
        i -> {
          int to = Math.min((i + 1) * BATCH, positions.length);
          int[] batch = Arrays.copyOfRange(positions, i * BATCH, to);
          try (Classifier exact = network.copy(Precision.FLOAT32)) {
            hardenBatch(images, batch, exact);
          }
        });
  }

  private void hardenBatch(LabeledImages images, int[] positions, Classifier network) {
    LabeledImages batch = images.select(positions);
    float[] hardened;
    try (NDManager scope = network.manager().newSubManager()) {
      NDArray labels = Pixels.labels(scope, batch);
      NDArray start = Pixels.of(scope, batch);
      hardened =
          climb(
                  start,
                  pixels ->
                      Ops.crossEntropy(network.logits(network.input(pixels), false), labels, 0))
              .toFloatArray();
    }
    int size = images.shape().size();
    for (int i = 0; i < hardened.length; i++) {
      images.pixels()[positions[i / size] * size + i % size] = Pixels.clamped(hardened[i]);
    }
  }
}
