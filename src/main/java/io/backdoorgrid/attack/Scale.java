package io.backdoorgrid.attack;

import io.backdoorgrid.data.ImageShape;

/**
 * The size of a training, on which the cost of an attack depends.
 *
 * @param shape of the images
 * @param images in the training set
 * @param poisonRate share of them that gets the trigger, 0 to 1
 * @param network multiplications of the victim's network for one image, forward, in billions
 */
public record Scale(ImageShape shape, double images, double poisonRate, double network) {

  /** Passes of a training step: one forward and a backward pass that costs two. */
  public static final double TRAINING_PASSES = 3;

  /** Passes of a step that optimizes the input of a frozen network. */
  public static final double INPUT_PASSES = 2;

  /** Billions of multiplications of training the network on all images. */
  public double training(double epochs) {
    return TRAINING_PASSES * epochs * images * network;
  }
}
