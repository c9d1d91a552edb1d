package io.backdoorgrid.train;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requirePositive;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.data.batch.Augmentation;
import java.util.List;

/**
 * How a network is trained: stochastic gradient descent with momentum on the cross entropy.
 *
 * <p>The defaults are those of the CLP paper (Zheng et al., ECCV 2022) on CIFAR-10; options that
 * the paper does not use (Nesterov, warm-up, label smoothing, alternating flips, weight averaging)
 * are off.
 *
 * @param epochs passes over the training images, at least 1
 * @param batch images per step, at least 2, since batch-norm needs a spread
 * @param learningRate highest learning rate, positive
 * @param momentum of SGD, 0 to below 1
 * @param nesterov whether the momentum is Nesterov's
 * @param weightDecay added to every gradient, not negative
 * @param schedule of the learning rate
 * @param milestones epochs at which {@code multi-step} multiplies the rate by {@code decay}
 * @param decay between 0 and 1
 * @param warmUp share of all steps during which {@code one-cycle} and {@code triangular} rise,
 *     between 0 and 1
 * @param labelSmoothing share of the target probability spread over all classes, 0 to below 1
 * @param crop pixels of black border added before a random crop to the old size, 0 for none
 * @param flip which images are mirrored
 * @param averaging weight of the old average in an exponential moving average of the weights per
 *     step, which then replaces them; 0 for none
 */
@Algorithm("sgd")
public record Recipe(
    int epochs,
    int batch,
    double learningRate,
    double momentum,
    boolean nesterov,
    double weightDecay,
    RateSchedule schedule,
    List<Integer> milestones,
    double decay,
    double warmUp,
    double labelSmoothing,
    int crop,
    Augmentation.Flip flip,
    double averaging) {

  public Recipe {
    require(epochs >= 1, "epochs must be at least 1, got %d", epochs);
    require(batch >= 2, "batch must be at least 2, got %d", batch);
    requirePositive("learning-rate", learningRate);
    require(momentum >= 0 && momentum < 1, "momentum must be from 0 to below 1, got %s", momentum);
    require(momentum > 0 || !nesterov, "nesterov needs a momentum above 0");
    require(weightDecay >= 0, "weight-decay must not be negative, got %s", weightDecay);
    require(
        milestones.stream().allMatch(m -> m >= 1), "milestones must be at least 1: %s", milestones);
    require(
        schedule != RateSchedule.MULTI_STEP || !milestones.isEmpty(),
        "schedule multi-step needs milestones, such as [50, 75]");
    require(decay > 0 && decay <= 1, "decay must be above 0 and at most 1, got %s", decay);
    require(warmUp > 0 && warmUp < 1, "warm-up must be between 0 and 1, got %s", warmUp);
    require(
        labelSmoothing >= 0 && labelSmoothing < 1,
        "label-smoothing must be from 0 to below 1, got %s",
        labelSmoothing);
    require(crop >= 0, "crop must not be negative, got %d", crop);
    require(
        averaging >= 0 && averaging < 1, "averaging must be from 0 to below 1, got %s", averaging);
    milestones = List.copyOf(milestones);
  }

  /** The CLP paper's recipe for CIFAR-10. */
  public Recipe() {
    this(150, 128, 0.1, 0.9, 5e-4, RateSchedule.COSINE, 4, Augmentation.Flip.RANDOM);
  }

  /** Plain SGD with momentum: what fine-tuning defenses ask for. */
  public Recipe(
      int epochs,
      int batch,
      double learningRate,
      double momentum,
      double weightDecay,
      RateSchedule schedule,
      int crop,
      Augmentation.Flip flip) {
    this(
        epochs,
        batch,
        learningRate,
        momentum,
        false,
        weightDecay,
        schedule,
        List.of(),
        0.1,
        0.25,
        0,
        crop,
        flip,
        0);
  }

  /** Crop and flip as this recipe says. */
  public Augmentation augmentation() {
    return new Augmentation(crop, flip);
  }
}
