package io.backdoorgrid.train;

import io.backdoorgrid.data.batch.Augmentation;

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
