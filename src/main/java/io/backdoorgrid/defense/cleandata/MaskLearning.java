package io.backdoorgrid.defense.cleandata;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requirePositive;
import static io.backdoorgrid.algorithm.Checks.requireShare;

/**
 * How {@link AdversarialPruning} learns its masks.
 *
 * @param eps bound of the noise, not negative; 0.4 in the paper
 * @param steps of the noise per iteration, at least 1
 * @param clipped whether noise returns to the bound after each step, as printed; the authors' code
 *     lets it reach twice as far
 * @param alpha weight of the loss without noise, 0 to 1
 * @param iterations at least 1
 * @param batch images per iteration, at least 2
 * @param learningRate of the masks, positive; 0.2 in the authors' code
 * @param momentum of the masks, 0 to below 1
 */
public record MaskLearning(
    double eps,
    int steps,
    boolean clipped,
    double alpha,
    int iterations,
    int batch,
    double learningRate,
    double momentum) {

  public MaskLearning {
    require(eps >= 0 && Double.isFinite(eps), "eps must not be negative, got %s", eps);
    require(steps >= 1, "steps must be at least 1, got %d", steps);
    requireShare("alpha", alpha);
    require(iterations >= 1, "iterations must be at least 1, got %d", iterations);
    require(batch >= 2, "batch must be at least 2, got %d", batch);
    requirePositive("learning-rate", learningRate);
    require(momentum >= 0 && momentum < 1, "momentum must be from 0 to below 1, got %s", momentum);
  }

  /** The authors' setting. */
  public MaskLearning() {
    this(0.4, 1, false, 0.2, 2000, 128, 0.2, 0.9);
  }

  /** How many images pass, forward and backward. */
  double imagePasses() {
    return (2.0 + (eps > 0 ? steps : 0)) * iterations * batch;
  }
}
