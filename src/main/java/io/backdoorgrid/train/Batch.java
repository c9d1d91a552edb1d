package io.backdoorgrid.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * What a training step receives.
 *
 * @param input of the images, in the form that was asked for; its first axis counts all of their
 *     views
 * @param labels classes, int64; one per image, however many views of it there are
 * @param positions of the images in the set that is trained on, from 0, in the order of {@code
 *     labels}; not to be changed. Images that {@link io.backdoorgrid.data.batch.Batches} add to a
 *     batch have none.
 * @param epoch counted from 0
 * @param step counted from 0 over all epochs
 * @param learningRate that the recipe's schedule has for this step
 */
public record Batch(
    NDArray input, NDArray labels, int[] positions, int epoch, int step, double learningRate) {

  /** Owns the arrays and whatever is freed with the step. */
  public NDManager scope() {
    return input.getManager();
  }

  /** The number of images, not of views. */
  public int images() {
    return (int) labels.size();
  }
}
