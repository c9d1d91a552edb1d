package io.backdoorgrid.train;

import io.backdoorgrid.data.batch.Augmentation;
import java.util.List;

/**
 * Stochastic gradient descent with momentum: the hyperparameters that fine-tuning defenses and
 * extractors share.
 *
 * @param epochs passes over the images, at least 1
 * @param batch images per step, at least 2, since batch-norm needs a spread
 * @param learningRate highest learning rate, positive
 * @param momentum of SGD, 0 to below 1
 * @param weightDecay added to every gradient, not negative
 */
public record PlainSgd(
    int epochs, int batch, double learningRate, double momentum, double weightDecay) {

  public PlainSgd {
    // The recipe checks the ranges.
    recipe(
        epochs,
        batch,
        learningRate,
        momentum,
        weightDecay,
        RateSchedule.CONSTANT,
        Augmentation.NONE);
  }

  /** This with a schedule and an augmentation. */
  public Recipe recipe(RateSchedule schedule, Augmentation augmentation) {
    return recipe(epochs, batch, learningRate, momentum, weightDecay, schedule, augmentation);
  }

  /**
   * This with a rate that falls to a tenth at some epochs, and an augmentation.
   *
   * @param milestones epochs, counted from 1, after which it does; may be empty
   */
  public Recipe recipe(List<Integer> milestones, Augmentation augmentation) {
    if (milestones.isEmpty()) {
      return recipe(RateSchedule.CONSTANT, augmentation);
    }
    return new Recipe(
        epochs,
        batch,
        learningRate,
        momentum,
        false,
        weightDecay,
        RateSchedule.MULTI_STEP,
        milestones,
        0.1,
        0.25,
        0,
        augmentation.crop(),
        augmentation.flip(),
        0);
  }

  /** The same for another number of epochs. */
  public PlainSgd withEpochs(int other) {
    return new PlainSgd(other, batch, learningRate, momentum, weightDecay);
  }

  private static Recipe recipe(
      int epochs,
      int batch,
      double learningRate,
      double momentum,
      double weightDecay,
      RateSchedule schedule,
      Augmentation augmentation) {
    return new Recipe(
        epochs,
        batch,
        learningRate,
        momentum,
        weightDecay,
        schedule,
        augmentation.crop(),
        augmentation.flip());
  }
}
