package io.backdoorgrid.torch;

/**
 * Convolution and batch-norm once more, in plain loops over double precision numbers of shape (n,
 * channels, height, width).
 */
final class Reference {

  private static final double EPS = 1e-5;

  private Reference() {}

  /** An array of that shape. */
  record Array(int n, int channels, int height, int width, double[] values) {

    static Array of(int n, int channels, int height, int width, float[] values) {
      return new Array(n, channels, height, width, doubles(values));
    }

    int at(int i, int channel, int row, int column) {
      return ((i * channels + channel) * height + row) * width + column;
    }

    /** Zero beyond the edges. */
    double get(int i, int channel, int row, int column) {
      boolean inside = row >= 0 && row < height && column >= 0 && column < width;
      return inside ? values[at(i, channel, row, column)] : 0;
    }

    float[] floats() {
      float[] floats = new float[values.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) values[i];
      }
      return floats;
    }
  }

  static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  static Array conv(Array x, Array kernels, int stride) {
    int size = kernels.height();
    int height = (x.height() + stride - 1) / stride;
    int width = (x.width() + stride - 1) / stride;
    var y =
        new Array(
            x.n(), kernels.n(), height, width, new double[x.n() * kernels.n() * height * width]);
    for (int i = 0; i < y.n(); i++) {
      for (int k = 0; k < y.channels(); k++) {
        for (int row = 0; row < height; row++) {
          for (int column = 0; column < width; column++) {
            double sum = 0;
            for (int c = 0; c < x.channels(); c++) {
              for (int down = 0; down < size; down++) {
                for (int right = 0; right < size; right++) {
                  sum +=
                      kernels.get(k, c, down, right)
                          * x.get(
                              i,
                              c,
                              row * stride + down - size / 2,
                              column * stride + right - size / 2);
                }
              }
            }
            y.values()[y.at(i, k, row, column)] = sum;
          }
        }
      }
    }
    return y;
  }

  /** Each channel's mean over images and pixels. */
  static double[] means(Array x) {
    double[] means = new double[x.channels()];
    for (int i = 0; i < x.values().length; i++) {
      means[channel(x, i)] += x.values()[i] * x.channels() / x.values().length;
    }
    return means;
  }

  /** Each channel's variance; divided by the number of values. */
  static double[] variances(Array x) {
    double[] means = means(x);
    double[] variances = new double[x.channels()];
    for (int i = 0; i < x.values().length; i++) {
      double centred = x.values()[i] - means[channel(x, i)];
      variances[channel(x, i)] += centred * centred * x.channels() / x.values().length;
    }
    return variances;
  }

  static Array norm(Array x, float[] gamma, float[] beta, double[] means, double[] variances) {
    double[] values = new double[x.values().length];
    for (int i = 0; i < values.length; i++) {
      int c = channel(x, i);
      values[i] = gamma[c] * (x.values()[i] - means[c]) / Math.sqrt(variances[c] + EPS) + beta[c];
    }
    return new Array(x.n(), x.channels(), x.height(), x.width(), values);
  }

  static Array add(Array x, Array y) {
    double[] values = new double[x.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = x.values()[i] + y.values()[i];
    }
    return new Array(x.n(), x.channels(), x.height(), x.width(), values);
  }

  static Array relu(Array x) {
    double[] values = new double[x.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(0, x.values()[i]);
    }
    return new Array(x.n(), x.channels(), x.height(), x.width(), values);
  }

  private static int channel(Array x, int index) {
    return index / (x.height() * x.width()) % x.channels();
  }
}
