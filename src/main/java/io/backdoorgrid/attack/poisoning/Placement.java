package io.backdoorgrid.attack.poisoning;

import io.backdoorgrid.attack.trigger.BilinearSampling;
import io.backdoorgrid.data.ImageShape;
import java.util.Arrays;

/**
 * An image placed on a black background: mirrored if requested, scaled, then rotated about its
 * center and shifted.
 *
 * @param degrees clockwise
 * @param scaleX factor on its width
 * @param scaleY factor on its height
 * @param right pixels
 * @param down pixels
 */
record Placement(
    boolean mirrored, double degrees, double scaleX, double scaleY, double right, double down) {

  /** Moves the image that starts at {@code offset}, in place. */
  void apply(ImageShape shape, byte[] pixels, int offset) {
    byte[] image = Arrays.copyOfRange(pixels, offset, offset + shape.size());
    double sine = StrictMath.sin(StrictMath.toRadians(degrees));
    double cosine = StrictMath.cos(StrictMath.toRadians(degrees));
    double middleX = (shape.width() - 1) / 2.0;
    double middleY = (shape.height() - 1) / 2.0;
    for (int row = 0; row < shape.height(); row++) {
      for (int column = 0; column < shape.width(); column++) {
        double dx = column - middleX - right;
        double dy = row - middleY - down;
        double x = (cosine * dx + sine * dy) / scaleX;
        double y = (cosine * dy - sine * dx) / scaleY;
        // As floats, places that are whole numbers but for rounding are whole: what stays on the
        // grid stays as it is.
        float sourceX = (float) (middleX + (mirrored ? -x : x));
        float sourceY = (float) (middleY + y);
        int at = offset + shape.offset(row, column);
        BilinearSampling.copy(image, shape, sourceX, sourceY, pixels, at);
      }
    }
  }
}
