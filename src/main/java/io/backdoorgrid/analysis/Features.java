package io.backdoorgrid.analysis;

import ai.djl.ndarray.NDArray;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;

/**
 * The features and predictions of a network for some images.
 *
 * @param vectors the last layer's input, one row per image
 * @param predicted the class predicted for each
 */
record Features(double[][] vectors, int[] predicted) {

  static Features of(Classifier classifier, LabeledImages images) {
    double[][] vectors = new double[images.size()][];
    int[] predicted = new int[images.size()];
    classifier.forEachBatch(
        images,
        Classifier.EVALUATION_BATCH,
        (input, from) -> {
          NDArray features = classifier.features(input, false);
          float[] values = Ops.cast(features, Precision.FLOAT32).toFloatArray();
          long[] classes = Ops.predictions(classifier.head().apply(features)).toLongArray();
          for (int i = 0; i < classes.length; i++) {
            vectors[from + i] = row(values, i, values.length / classes.length);
            predicted[from + i] = (int) classes[i];
          }
        });
    return new Features(vectors, predicted);
  }

  private static double[] row(float[] values, int index, int width) {
    double[] row = new double[width];
    for (int j = 0; j < width; j++) {
      row[j] = values[index * width + j];
    }
    return row;
  }
}
