package io.backdoorgrid.attack.poisoning;

import io.backdoorgrid.data.ImageShape;

/**
 * Blurs an image-shaped array, each channel for itself, by a Gaussian along columns and rows;
 * beyond the edges there are zeros.
 *
 * @param taps of the Gaussian, whose deviation is a fifth of that; where their number is even, it
 *     reaches one pixel further to the right and down
 */
record Smoothing(int taps) {

  float[] apply(ImageShape shape, float[] values) {
    double[] bell = bell();
    return along(shape, along(shape, values, bell, 1, 0), bell, 0, 1);
  }

  private double[] bell() {
    double[] bell = new double[taps];
    double sum = 0;
    for (int i = 0; i < taps; i++) {
      double deviations = (i - (taps - 1) / 2.0) * 5 / taps;
      bell[i] = Math.exp(-deviations * deviations / 2);
      sum += bell[i];
    }
    for (int i = 0; i < taps; i++) {
      bell[i] /= sum;
    }
    return bell;
  }

  private float[] along(ImageShape shape, float[] values, double[] bell, int down, int right) {
    float[] blurred = new float[values.length];
    for (int row = 0; row < shape.height(); row++) {
      for (int column = 0; column < shape.width(); column++) {
        for (int c = 0; c < shape.channels(); c++) {
          double sum = 0;
          for (int i = 0; i < taps; i++) {
            int reach = i - (taps - 1) / 2;
            int y = row + down * reach;
            int x = column + right * reach;
            if (y >= 0 && y < shape.height() && x >= 0 && x < shape.width()) {
              sum += bell[i] * values[shape.offset(y, x) + c];
            }
          }
          blurred[shape.offset(row, column) + c] = (float) sum;
        }
      }
    }
    return blurred;
  }
}
