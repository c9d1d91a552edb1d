package io.backdoorgrid.perturb;

import static io.backdoorgrid.algorithm.Checks.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Torch;
import java.util.List;
import java.util.Optional;

/**
 * DeepFool (Moosavi-Dezfooli et al., CVPR 2016) toward a given class: a small change after which a
 * network takes an image for that class. Each step moves slightly past the point at which the
 * logits of the wanted and of the original class would be equal if they were linear: {@code (1 +
 * overshoot) |f| w / ||w||^2}, with f their difference and w its gradient.
 *
 * @param overshoot share by which every step is longer than needed, not negative
 * @param steps most steps that are taken, at least 1
 */
public record DeepFool(double overshoot, int steps) {

  public DeepFool {
    require(
        overshoot >= 0 && Double.isFinite(overshoot),
        "overshoot must not be negative, got %s",
        overshoot);
    require(steps >= 1, "steps must be at least 1, got %d", steps);
  }

  /**
   * What has to be added to the image's bytes; the sum may leave the scale. All zero if the image
   * already belongs to the class. Empty if the class is not reached, or only by more than 255 at
   * some byte: past the boundary of the original class, steps double until no other class is in the
   * way.
   */
  public Optional<float[]> towards(int target, Classifier network, byte[] image) {
    ImageShape shape = network.design().shape();
    float[] start = Pixels.numbers(image);
    float[] change = new float[start.length];
    float[] rivals = null;
    for (int step = 0; ; step++) {
      try (NDManager scope = network.manager().newSubManager()) {
        NDArray pixels = Pixels.array(scope, shape, sum(start, change));
        pixels.setRequiresGradient(true);
        NDArray logits = Torch.recording(() -> network.logits(network.input(pixels), false));
        int predicted = (int) Ops.predictions(logits).getLong();
        if (predicted == target) {
          return Optional.of(change);
        }
        if (step == steps) {
          return Optional.empty();
        }
        if (rivals == null) {
          rivals = new float[network.design().classes()];
          rivals[target] = 1;
          rivals[predicted] = -1;
        }
        NDArray signs = scope.create(rivals);
        NDArray gap = Torch.recording(() -> logits.mul(signs).sum());
        float[] slopes = Ops.gradients(gap, List.of(pixels)).get(0).toFloatArray();
        double squares = 0;
        for (float slope : slopes) {
          squares += (double) slope * slope;
        }
        if (!advance(change, slopes, (1 + overshoot) * Math.abs(gap.getFloat()) / squares)) {
          return Optional.empty();
        }
      }
    }
  }

  /** Whether an image can still be changed by this much. */
  private static boolean advance(float[] change, float[] slopes, double stride) {
    boolean possible = true;
    for (int i = 0; i < change.length; i++) {
      change[i] += (float) (stride * slopes[i]);
      possible &= Math.abs(change[i]) <= 255; // not so of NaN, where all is flat
    }
    return possible;
  }

  private static float[] sum(float[] x, float[] y) {
    float[] sum = new float[x.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = x[i] + y[i];
    }
    return sum;
  }
}
