package io.backdoorgrid.defense.holder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.backdoorgrid.model.head.MlpHead;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.SafeTensors;
import java.util.LinkedHashMap;
import java.util.function.ObjIntConsumer;
import java.util.random.RandomGenerator;

/**
 * A head with the scaling of the features that it was trained on.
 *
 * @param clip whether features beyond the range of the training set are clipped to 0 or 1
 */
record ScaledHead(MinMax scaling, MlpHead head, boolean clip) {

  private static final String HEAD = "head.";

  /** Rows whose hidden layer is computed at a time: 32 MB at 1,024 neurons. */
  private static final int CHUNK = 8192;

  /**
   * A head trained on scaled features.
   *
   * @param features (n, d), not yet scaled
   */
  static ScaledHead train(
      HeadTraining training,
      NDArray features,
      int[] labels,
      int classes,
      boolean clip,
      RandomGenerator random) {
    NDManager manager = features.getManager();
    MinMax scaling = MinMax.of(features);
    NDArray scaled = scaling.apply(features);
    return new ScaledHead(scaling, training.train(manager, scaled, labels, classes, random), clip);
  }

  /** Reads what {@link #weights} gave. */
  static ScaledHead load(NDManager manager, SafeTensors stored, boolean clip) {
    return new ScaledHead(
        MinMax.load(manager, stored), MlpHead.load(manager, stored.part(HEAD)), clip);
  }

  SafeTensors weights() {
    var tensors = new LinkedHashMap<String, SafeTensors.Tensor>(head.weights().under(HEAD));
    scaling.store(tensors);
    return new SafeTensors(tensors);
  }

  /** Features (n, d) as the head reads them. */
  NDArray scale(NDArray features) {
    NDArray scaled = scaling.apply(features);
    return clip ? scaled.clip(0, 1) : scaled;
  }

  /** Logits (n, classes) of features (n, d). */
  NDArray logits(NDArray features) {
    return head.logits(scale(features));
  }

  /** The predicted class of each row of {@code features}. */
  int[] predictions(NDArray features) {
    int[] predictions = new int[(int) features.getShape().get(0)];
    forEachChunk(
        features,
        (chunk, from) -> {
          long[] classes = Ops.predictions(logits(chunk)).toLongArray();
          for (int i = 0; i < classes.length; i++) {
            predictions[from + i] = (int) classes[i];
          }
        });
    return predictions;
  }

  /** What each hidden neuron puts out in the mean over the rows of {@code features}. */
  double[] activity(NDArray features) {
    double[] means = new double[(int) head.hidden().bias().getShape().get(0)];
    double rows = features.getShape().get(0);
    forEachChunk(
        features,
        (chunk, from) -> {
          float[] sums = head.activations(scale(chunk)).sum(new int[] {0}).toFloatArray();
          for (int i = 0; i < means.length; i++) {
            means[i] += sums[i] / rows;
          }
        });
    return means;
  }

  private static void forEachChunk(NDArray features, ObjIntConsumer<NDArray> visitor) {
    int rows = (int) features.getShape().get(0);
    for (int from = 0; from < rows; from += CHUNK) {
      try (NDManager scope = features.getManager().newSubManager()) {
        NDArray chunk = features.get(new NDIndex("{}:{}", from, Math.min(from + CHUNK, rows)));
        chunk.attach(scope);
        visitor.accept(chunk, from);
      }
    }
  }
}
