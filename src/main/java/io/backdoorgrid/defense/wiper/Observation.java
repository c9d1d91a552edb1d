package io.backdoorgrid.defense.wiper;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.Linear;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.Torch;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything about a classifier on clean images that the importance of neurons depends on.
 *
 * @param features what the head reads, (n, d), float32
 * @param labels the images' classes, (n), int64
 * @param head the last layer
 * @param gradients of the images' mean cross entropy, by weight
 */
public record Observation(
    NDArray features, NDArray labels, Linear head, Map<NDArray, NDArray> gradients) {

  /**
   * One pass over all images in evaluation mode, with the gradients of all layers' weights. That of
   * the head comes from its closed form, so that without convolutions nothing is recorded.
   *
   * @param scope owns the arrays
   * @param batch images at a time
   */
  static Observation of(
      NDManager scope,
      Classifier classifier,
      LabeledImages images,
      List<PurifiedLayer> layers,
      int batch) {
    Linear head = classifier.head();
    List<NDArray> kernels =
        layers.stream()
            .flatMap(layer -> layer.weights().stream())
            .filter(weight -> weight != head.weight())
            .toList();
    List<NDArray> sums = kernels.stream().map(kernel -> scope.zeros(kernel.getShape())).toList();
    long[] labels = Arrays.stream(images.labels()).asLongStream().toArray();
    int width = classifier.dimension();
    float[] features = new float[images.size() * width];

    classifier.forEachBatch(
        images,
        batch,
        (input, from) -> {
          int count = (int) input.getShape().get(0);
          long[] batchLabels = Arrays.copyOfRange(labels, from, from + count);
          NDArray read =
              kernels.isEmpty()
                  ? classifier.features(input, false)
                  : addGradients(
                      classifier,
                      input,
                      input.getManager().create(batchLabels),
                      kernels,
                      sums,
                      (double) count / images.size());
          float[] values = Ops.cast(read, Precision.FLOAT32).toFloatArray();
          System.arraycopy(values, 0, features, from * width, values.length);
        });

    var gradients = new IdentityHashMap<NDArray, NDArray>();
    for (int i = 0; i < kernels.size(); i++) {
      gradients.put(kernels.get(i), sums.get(i));
    }
    var seen =
        new Observation(
            scope.create(features, new Shape(images.size(), width)),
            scope.create(labels),
            head,
            gradients);
    gradients.put(head.weight(), seen.headGradient());
    return seen;
  }

  /** Adds the gradients of one batch, which has that share of the images, and returns features. */
  private static NDArray addGradients(
      Classifier classifier,
      NDArray input,
      NDArray labels,
      List<NDArray> kernels,
      List<NDArray> sums,
      double share) {
    Tuning.Pass pass = Torch.recording(() -> Tuning.pass(classifier, input, labels, false));
    List<NDArray> gradients = Ops.gradients(pass.loss(), kernels);
    for (int i = 0; i < sums.size(); i++) {
      sums.get(i).addi(gradients.get(i).mul(share));
    }
    return pass.features();
  }

  /** The same with other gradients added to these. */
  Observation plus(Map<NDArray, NDArray> others) {
    var sums = new IdentityHashMap<NDArray, NDArray>(gradients);
    others.forEach((weight, gradient) -> sums.merge(weight, gradient, NDArray::add));
    return new Observation(features, labels, head, sums);
  }

  /**
   * Minus the derivative of each image's cross entropy by its logits, (n, classes): the one-hot
   * label less the probabilities.
   *
   * @param share by which the features are multiplied first
   */
  NDArray errors(double share) {
    NDArray logits = head.apply(features.mul(share));
    int classes = (int) logits.getShape().get(1);
    return labels.oneHot(classes, DataType.FLOAT32).sub(logits.softmax(1));
  }

  /** The gradient of the mean cross entropy by the head's weights: {@code (P - Y)^T X / n}. */
  public NDArray headGradient() {
    return errors(1).transpose().matMul(features).mul(-1.0 / features.getShape().get(0));
  }
}
