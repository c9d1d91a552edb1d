package io.backdoorgrid.attack.ssba;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requirePositive;

/**
 * The weight of the image error in an encoder's loss: 0 until the bits can be read, still 0 for
 * some more steps, then growing linearly.
 *
 * @param threshold share of a batch's bits that must be read correctly first, from 0.5 to below 1;
 *     0.9 in the benchmarks
 * @param await further steps with a weight of 0, not negative; 1000 in the benchmarks
 * @param ramp steps until the full weight, at least 1; 3000 in the benchmarks
 * @param weight full weight of the mean squared error, on the scale 0 to 1, beside the bits' cross
 *     entropy, positive; 10 in the benchmarks
 */
public record ImagePenalty(double threshold, int await, int ramp, double weight) {

  public ImagePenalty {
    require(
        threshold >= 0.5 && threshold < 1,
        "threshold must be from 0.5 to below 1, got %s",
        threshold);
    require(await >= 0, "await must not be negative, got %d", await);
    require(ramp >= 1, "ramp must be at least 1, got %d", ramp);
    requirePositive("weight", weight);
  }

  /** The benchmarks' schedule. */
  public ImagePenalty() {
    this(0.9, 1000, 3000, 10);
  }

  /**
   * The weight of a step.
   *
   * @param steps since the threshold was passed; -1 if it was not
   */
  public double at(int steps) {
    return weight * Math.max(0, Math.min(1, (double) (steps - await) / ramp));
  }
}
