package io.backdoorgrid.data;

/**
 * Resizes an image by bilinear interpolation with antialiasing: each target pixel is the mean of
 * the source pixels around its center, weighted by a triangle that spans one source pixel to each
 * side when enlarging, and one target pixel when shrinking. That is what Pillow's {@code
 * Image.resize} does with {@code BILINEAR}, down to its fixed-point arithmetic: rows first, each
 * pass rounded to bytes.
 */
final class Bilinear {

  /** Of the fixed-point weights, so that a sum of bytes with them fits into 32 bits. */
  private static final int FRACTION_BITS = 22;

  private Bilinear() {}

  /**
   * @param pixels of one image, height by width by channels
   * @param to has as many channels as {@code from}
   */
  static byte[] resized(byte[] pixels, ImageShape from, ImageShape to) {
    var narrow = new ImageShape(from.height(), to.width(), from.channels());
    byte[] rows = new byte[narrow.size()];
    for (int column = 0; column < to.width(); column++) {
      var taps = new Taps(column, from.width(), to.width());
      for (int row = 0; row < from.height(); row++) {
        for (int c = 0; c < from.channels(); c++) {
          rows[narrow.offset(row, column) + c] =
              taps.mean(pixels, from.offset(row, 0) + c, from.channels());
        }
      }
    }
    byte[] resized = new byte[to.size()];
    int stride = narrow.offset(1, 0);
    for (int row = 0; row < to.height(); row++) {
      var taps = new Taps(row, from.height(), to.height());
      for (int i = 0; i < stride; i++) {
        resized[to.offset(row, 0) + i] = taps.mean(rows, i, stride);
      }
    }
    return resized;
  }

  /** The source pixels along one axis that make one target pixel, with their weights. */
  private static final class Taps {
    private final int first;
    private final int[] weights;

    Taps(int target, int source, int size) {
      double scale = (double) source / size;
      double reach = Math.max(scale, 1);
      double center = (target + 0.5) * scale;
      first = Math.max(0, (int) (center - reach + 0.5));
      int end = Math.min(source, (int) (center + reach + 0.5));
      double[] exact = new double[end - first];
      double sum = 0;
      for (int i = 0; i < exact.length; i++) {
        exact[i] = Math.max(0, 1 - Math.abs((first + i - center + 0.5) / reach));
        sum += exact[i];
      }
      weights = new int[exact.length];
      for (int i = 0; i < exact.length; i++) {
        weights[i] = (int) Math.round(exact[i] / sum * (1 << FRACTION_BITS));
      }
    }

    byte mean(byte[] values, int start, int stride) {
      int sum = 1 << (FRACTION_BITS - 1); // rounds
      for (int i = 0; i < weights.length; i++) {
        sum += weights[i] * (values[start + (first + i) * stride] & 0xFF);
      }
      return (byte) (sum >> FRACTION_BITS);
    }
  }
}
