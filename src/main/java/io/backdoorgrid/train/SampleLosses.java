package io.backdoorgrid.train;

import ai.djl.ndarray.NDArray;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.Ops;
import java.util.Arrays;
import java.util.function.BinaryOperator;

/**
 * The loss of every single image under a network in evaluation mode, without augmentation. Poisoned
 * images are often learned first, so some defenses recognize them by their loss.
 */
public final class SampleLosses {

  private SampleLosses() {}

  /**
   * One loss per image, in the order of the images.
   *
   * @param loss maps float32 logits (n, classes) and int64 labels (n) to (n) losses, float32, such
   *     as {@link Ops#crossEntropies}
   */
  public static float[] of(
      Classifier classifier, LabeledImages images, BinaryOperator<NDArray> loss) {
    long[] labels = Arrays.stream(images.labels()).asLongStream().toArray();
    float[] losses = new float[images.size()];
    classifier.evaluate(
        images,
        (input, from) -> {
          int count = (int) input.getShape().get(0);
          NDArray batchLabels =
              input.getManager().create(Arrays.copyOfRange(labels, from, from + count));
          float[] batch = loss.apply(classifier.logits(input, false), batchLabels).toFloatArray();
          System.arraycopy(batch, 0, losses, from, count);
        });
    return losses;
  }
}
