package io.backdoorgrid.data;

/**
 * Multinomial logistic regression on raw pixels, trained by plain stochastic gradient descent: what
 * a data set gives away without any notion of shape.
 */
public final class LinearModel {

  private final int size;
  private final int classes;
  private final float[][] weights;
  private final float[] probabilities;

  public LinearModel(LabeledImages images) {
    this.size = images.shape().size();
    this.classes = images.classes();
    this.weights = new float[classes][size + 1];
    this.probabilities = new float[classes];
  }

  /** One pass over all images. */
  public void train(LabeledImages images, float rate) {
    float[] x = new float[size + 1];
    for (int i = 0; i < images.size(); i++) {
      read(images, i, x);
      predict(x);
      for (int k = 0; k < classes; k++) {
        float error = probabilities[k] - (k == images.labels()[i] ? 1 : 0);
        float[] row = weights[k];
        for (int j = 0; j <= size; j++) {
          row[j] -= rate * error * x[j];
        }
      }
    }
  }

  /** The share of images that it classifies right. */
  public double accuracy(LabeledImages images) {
    float[] x = new float[size + 1];
    int right = 0;
    for (int i = 0; i < images.size(); i++) {
      read(images, i, x);
      right += predict(x) == images.labels()[i] ? 1 : 0;
    }
    return (double) right / images.size();
  }

  private void read(LabeledImages images, int i, float[] x) {
    for (int j = 0; j < size; j++) {
      x[j] = ((images.pixels()[i * size + j] & 0xFF) - 127.5f) / 127.5f;
    }
    x[size] = 1;
  }

  /** The most probable class. */
  private int predict(float[] x) {
    int best = 0;
    float[] logits = probabilities;
    for (int k = 0; k < classes; k++) {
      float sum = 0;
      for (int j = 0; j <= size; j++) {
        sum += weights[k][j] * x[j];
      }
      logits[k] = sum;
      best = sum > logits[best] ? k : best;
    }
    float largest = logits[best];
    float total = 0;
    for (int k = 0; k < classes; k++) {
      probabilities[k] = (float) Math.exp(logits[k] - largest);
      total += probabilities[k];
    }
    for (int k = 0; k < classes; k++) {
      probabilities[k] /= total;
    }
    return best;
  }
}
