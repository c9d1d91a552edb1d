package io.backdoorgrid.attack.batch;

import io.backdoorgrid.data.ImageShape;
import java.util.random.RandomGenerator;

/** The places from which {@link WaNet} samples pixels. */
final class WarpField {

  /** Of cubic interpolation, as PyTorch has it. */
  private static final double A = -0.75;

  private WarpField() {}

  /**
   * Places from small grids of shifts.
   *
   * @param shifts to the right and down, each row by row, at equal distances with the image's
   *     corners at their corners
   * @param strength see {@link WaNet}
   */
  static float[] places(ImageShape shape, double[][] shifts, double strength, double rescale) {
    int grid = (int) Math.round(Math.sqrt(shifts[0].length));
    double size = meanSize(shifts);
    double[][] rows = weights(shape.height(), grid);
    double[][] columns = weights(shape.width(), grid);
    float[] places = new float[2 * shape.height() * shape.width()];
    for (int row = 0; row < shape.height(); row++) {
      for (int column = 0; column < shape.width(); column++) {
        int at = 2 * (row * shape.width() + column);
        for (int axis = 0; axis < 2; axis++) {
          double shift = enlarged(shifts[axis], rows[row], columns[column]) / size;
          int last = (axis == 0 ? shape.width() : shape.height()) - 1;
          double here = -1 + 2.0 * (axis == 0 ? column : row) / last;
          double there = (here + strength * shift / shape.height()) * rescale;
          places[at + axis] = (float) ((Math.max(-1, Math.min(1, there)) + 1) / 2 * last);
        }
      }
    }
    return places;
  }

  /** The same places, each moved by up to one {@code height}-th on the scale of 2 per image. */
  static float[] jittered(ImageShape shape, float[] places, RandomGenerator random) {
    float[] jittered = new float[places.length];
    for (int i = 0; i < places.length; i++) {
      int last = (i % 2 == 0 ? shape.width() : shape.height()) - 1;
      double shift = (2 * random.nextDouble() - 1) / shape.height() / 2 * last;
      jittered[i] = (float) Math.max(0, Math.min(last, places[i] + shift));
    }
    return jittered;
  }

  private static double meanSize(double[][] shifts) {
    double sum = 0;
    for (double[] direction : shifts) {
      for (double shift : direction) {
        sum += Math.abs(shift);
      }
    }
    return sum / (2 * shifts[0].length);
  }

  private static double enlarged(double[] grid, double[] rowWeights, double[] columnWeights) {
    double sum = 0;
    for (int i = 0; i < rowWeights.length; i++) {
      for (int j = 0; j < columnWeights.length; j++) {
        sum += rowWeights[i] * columnWeights[j] * grid[i * columnWeights.length + j];
      }
    }
    return sum;
  }

  /** How much each of {@code grid} points adds to each of {@code size}: cubic, edges repeated. */
  static double[][] weights(int size, int grid) {
    double[][] weights = new double[size][grid];
    for (int i = 0; i < size; i++) {
      double place = (double) i * (grid - 1) / (size - 1);
      int before = (int) place;
      for (int neighbour = before - 1; neighbour <= before + 2; neighbour++) {
        int at = Math.max(0, Math.min(grid - 1, neighbour));
        weights[i][at] += cubic(Math.abs(place - neighbour));
      }
    }
    return weights;
  }

  private static double cubic(double distance) {
    double x = distance;
    if (x <= 1) {
      return ((A + 2) * x - (A + 3)) * x * x + 1;
    }
    return x < 2 ? ((A * x - 5 * A) * x + 8 * A) * x - 4 * A : 0;
  }
}
