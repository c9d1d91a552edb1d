package io.backdoorgrid.defense.training;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import java.util.random.RandomGenerator;

/**
 * Rotates an image about its centre and shifts it by whole pixels; each pixel is that of the
 * nearest, or black if there is none.
 *
 * @param degrees most of a rotation either way
 * @param share most of a shift, as a share of height and width
 */
record RandomShift(double degrees, double share) {

  /** All images, each with a rotation and a shift of its own. */
  LabeledImages of(LabeledImages images, RandomGenerator random) {
    ImageShape shape = images.shape();
    byte[] shifted = new byte[images.pixels().length];
    for (int i = 0; i < images.size(); i++) {
      double angle = (2 * random.nextDouble() - 1) * Math.toRadians(degrees);
      int down = shift(shape.height(), random);
      int right = shift(shape.width(), random);
      shift(images.pixels(), shifted, i * shape.size(), shape, angle, down, right);
    }
    return new LabeledImages(shape, images.classes(), shifted, images.labels());
  }

  private int shift(int edge, RandomGenerator random) {
    return (int) Math.round((2 * random.nextDouble() - 1) * share * edge);
  }

  static void shift(
      byte[] from, byte[] to, int offset, ImageShape shape, double angle, int down, int right) {
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    double middleRow = (shape.height() - 1) / 2.0;
    double middleColumn = (shape.width() - 1) / 2.0;
    for (int row = 0; row < shape.height(); row++) {
      for (int column = 0; column < shape.width(); column++) {
        double y = row - down - middleRow;
        double x = column - right - middleColumn;
        int oldRow = (int) Math.round(cos * y - sin * x + middleRow);
        int oldColumn = (int) Math.round(sin * y + cos * x + middleColumn);
        if (oldRow >= 0 && oldRow < shape.height() && oldColumn >= 0 && oldColumn < shape.width()) {
          System.arraycopy(
              from,
              offset + shape.offset(oldRow, oldColumn),
              to,
              offset + shape.offset(row, column),
              shape.channels());
        }
      }
    }
  }
}
