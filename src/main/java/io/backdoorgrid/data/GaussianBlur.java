package io.backdoorgrid.data;

import java.util.Arrays;

/**
 * Blurs planes of one size, rows and columns one after the other; beyond its edges a plane goes on
 * as it ends.
 */
final class GaussianBlur {

  /** 0.3 % of the bell lie further out. */
  private static final int REACH = 3;

  private final int height;
  private final int width;

  GaussianBlur(int height, int width) {
    this.height = height;
    this.width = width;
  }

  /**
   * Blurs {@code plane}, row by row, in place.
   *
   * @param sigma deviation of the bell in pixels
   */
  void blur(float[] plane, double sigma) {
    float[] bell = bell(sigma);
    int reach = bell.length / 2;
    blurColumns(plane, bell, reach);
    blurRows(plane, bell, reach);
  }

  private static float[] bell(double sigma) {
    int reach = (int) Math.ceil(REACH * sigma);
    double[] values = new double[2 * reach + 1];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.exp(-(i - reach) * (i - reach) / (2 * sigma * sigma));
    }
    double sum = Arrays.stream(values).sum();
    float[] bell = new float[values.length];
    for (int i = 0; i < bell.length; i++) {
      bell[i] = (float) (values[i] / sum);
    }
    return bell;
  }

  private void blurColumns(float[] plane, float[] bell, int reach) {
    float[] padded = new float[(height + 2 * reach) * width];
    for (int row = 0; row < height + 2 * reach; row++) {
      int from = Math.max(0, Math.min(height - 1, row - reach));
      System.arraycopy(plane, from * width, padded, row * width, width);
    }
    Arrays.fill(plane, 0);
    convolve(plane, bell, padded, width);
  }

  /**
   * All padded rows are one long row, so that the innermost loop is long enough to be vectorized;
   * what mixes two rows falls into the padding.
   */
  private void blurRows(float[] plane, float[] bell, int reach) {
    int length = width + 2 * reach;
    float[] padded = new float[height * length];
    for (int row = 0; row < height; row++) {
      int to = row * length;
      System.arraycopy(plane, row * width, padded, to + reach, width);
      Arrays.fill(padded, to, to + reach, plane[row * width]);
      Arrays.fill(padded, to + reach + width, to + length, plane[(row + 1) * width - 1]);
    }
    float[] sums = new float[height * length - 2 * reach];
    convolve(sums, bell, padded, 1);
    for (int row = 0; row < height; row++) {
      System.arraycopy(sums, row * length, plane, row * width, width);
    }
  }

  /** Adds {@code bell[i] * padded[k + i * stride]} to each {@code sums[k]}. */
  private static void convolve(float[] sums, float[] bell, float[] padded, int stride) {
    float[] shifted = new float[sums.length];
    for (int i = 0; i < bell.length; i++) {
      // Only loops that are at the same position of all arrays are vectorized, hence the copy.
      System.arraycopy(padded, i * stride, shifted, 0, sums.length);
      float weight = bell[i];
      for (int k = 0; k < sums.length; k++) {
        sums[k] += weight * shifted[k];
      }
    }
  }
}
