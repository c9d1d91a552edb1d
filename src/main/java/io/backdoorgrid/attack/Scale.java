package io.backdoorgrid.attack;

import io.backdoorgrid.data.ImageShape;

/**
 * How large a training is: what the cost of an attack depends on.
 *
 * @param shape of the images
 * @param images in the training set
 * @param poisonRate share of them that gets the trigger, 0 to 1
 * @param network multiplications of the victim's network for one image, forward, in billions
 */
public record Scale(ImageShape shape, double images, double poisonRate, double network) {

  /** Passes of a training step: one forward, and two as dear backward. */
  public static final double TRAINING_PASSES = 3;

  /** Passes of a step that learns the input, the network staying as it is. */
  public static final double INPUT_PASSES = 2;

  /** Billions of multiplications of training the network on all images. */
  public double training(double epochs) {
    return TRAINING_PASSES * epochs * images * network;
  }
}
