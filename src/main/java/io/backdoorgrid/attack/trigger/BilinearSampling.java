package io.backdoorgrid.attack.trigger;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.perturb.Pixels;

/** The values of an image between its pixels; outside it is black. */
public final class BilinearSampling {

  private BilinearSampling() {}

  /**
   * Writes the channels that {@code image} has at a place, from {@code at} on.
   *
   * @param x a column, from which the image's neighbors to both sides are interpolated
   * @param y a row, likewise
   */
  public static void copy(byte[] image, ImageShape shape, float x, float y, byte[] target, int at) {
    int left = (int) Math.floor(x);
    int top = (int) Math.floor(y);
    for (int c = 0; c < shape.channels(); c++) {
      float upper = between(image, shape, top, left, c, x - left);
      float lower = between(image, shape, top + 1, left, c, x - left);
      target[at + c] = Pixels.clamped(upper + (y - top) * (lower - upper));
    }
  }

  private static float between(
      byte[] image, ImageShape shape, int row, int left, int channel, float part) {
    float first = value(image, shape, row, left, channel);
    return first + part * (value(image, shape, row, left + 1, channel) - first);
  }

  private static int value(byte[] image, ImageShape shape, int row, int column, int channel) {
    boolean inside = row >= 0 && row < shape.height() && column >= 0 && column < shape.width();
    return inside ? image[shape.offset(row, column) + channel] & 0xFF : 0;
  }
}
