package io.backdoorgrid.data;

import java.util.random.RandomGenerator;

/** A rectangle within an image. */
public record Crop(int top, int left, int height, int width) {

  private static final double MAX_ASPECT = 4 / 3.0;
  private static final int ATTEMPTS = 10;

  /**
   * A random rectangle of an area that is uniform from {@code minArea} to 1 of the image's, and of
   * an aspect ratio from 3:4 to 4:3 whose logarithm is uniform; the largest one in the middle if
   * ten drawn do not fit.
   */
  public static Crop random(ImageShape shape, double minArea, RandomGenerator random) {
    double pixels = shape.height() * (double) shape.width();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double area = pixels * (minArea + (1 - minArea) * random.nextDouble());
      double aspect = Math.pow(MAX_ASPECT, 2 * random.nextDouble() - 1);
      int width = (int) Math.round(Math.sqrt(area * aspect));
      int height = (int) Math.round(Math.sqrt(area / aspect));
      if (fits(width, shape.width()) && fits(height, shape.height())) {
        int top = random.nextInt(shape.height() - height + 1);
        int left = random.nextInt(shape.width() - width + 1);
        return new Crop(top, left, height, width);
      }
    }
    return largest(shape);
  }

  private static boolean fits(int size, int limit) {
    return size >= 1 && size <= limit;
  }

  private static Crop largest(ImageShape shape) {
    int width = (int) Math.min(shape.width(), Math.round(shape.height() * MAX_ASPECT));
    int height = (int) Math.min(shape.height(), Math.round(shape.width() * MAX_ASPECT));
    return new Crop((shape.height() - height) / 2, (shape.width() - width) / 2, height, width);
  }

  boolean isWhole(ImageShape shape) {
    return height == shape.height() && width == shape.width();
  }
}
