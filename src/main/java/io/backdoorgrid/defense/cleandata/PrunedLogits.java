package io.backdoorgrid.defense.cleandata;

/** Logits of some images while inputs of the last layer are pruned one after the other. */
final class PrunedLogits {

  private final float[] features;
  private final float[] weights;
  private final int width;
  private final int classes;
  private final double[] logits;

  /**
   * @param features (images, width), row by row
   * @param weights of the last layer (classes, width), row by row
   * @param biases of the last layer
   */
  PrunedLogits(float[] features, float[] weights, float[] biases) {
    this.features = features;
    this.weights = weights;
    this.classes = biases.length;
    this.width = weights.length / classes;
    this.logits = new double[features.length / width * classes];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = biases[i % classes];
    }
    for (int neuron = 0; neuron < width; neuron++) {
      add(neuron, 1);
    }
  }

  private void add(int neuron, int sign) {
    for (int i = 0; i < logits.length; i++) {
      int image = i / classes;
      logits[i] +=
          sign * (double) features[image * width + neuron] * weights[i % classes * width + neuron];
    }
  }

  void prune(int neuron) {
    add(neuron, -1);
  }

  /** The share of images whose largest logit is their label's, 0 to 1. */
  double accuracy(int[] labels) {
    int hits = 0;
    for (int image = 0; image < labels.length; image++) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        best = logits[image * classes + c] > logits[image * classes + best] ? c : best;
      }
      hits += best == labels[image] ? 1 : 0;
    }
    return (double) hits / labels.length;
  }
}
