package io.backdoorgrid.attack;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Arrays;
import java.util.Map;

/**
 * An image bent out of shape: each pixel shows what lies at another place, interpolated between the
 * four pixels around it.
 *
 * @param shape of the images
 * @param places for each pixel, row by row, the column and the row that it shows, each within the
 *     image
 */
public record Warp(ImageShape shape, float[] places) implements Trigger {

  static final String PLACES = "places";

  public Warp {
    require(
        places.length == 2 * shape.height() * shape.width(),
        "a warp of images of %s must have two numbers per pixel, got %d",
        shape,
        places.length);
  }

  @Override
  public void apply(byte[] pixels, int offset) {
    byte[] image = Arrays.copyOfRange(pixels, offset, offset + shape.size());
    int channels = shape.channels();
    for (int pixel = 0; pixel < places.length / 2; pixel++) {
      float x = places[2 * pixel];
      float y = places[2 * pixel + 1];
      int left = (int) x;
      int top = (int) y;
      int right = Math.min(left + 1, shape.width() - 1);
      int bottom = Math.min(top + 1, shape.height() - 1);
      for (int c = 0; c < channels; c++) {
        float upper = between(image, shape.offset(top, left) + c, shape.offset(top, right) + c, x);
        float lower =
            between(image, shape.offset(bottom, left) + c, shape.offset(bottom, right) + c, x);
        pixels[offset + pixel * channels + c] = Trigger.pixel(upper + (y - top) * (lower - upper));
      }
    }
  }

  private static float between(byte[] image, int left, int right, float x) {
    float first = image[left] & 0xFF;
    return first + (x - (int) x) * ((image[right] & 0xFF) - first);
  }

  @Override
  public SafeTensors toTensors() {
    long[] edges = {shape.height(), shape.width(), 2};
    return new SafeTensors(Map.of(PLACES, new SafeTensors.Tensor(edges, places)));
  }

  static Warp of(ImageShape shape, SafeTensors tensors) {
    return new Warp(shape, tensors.tensors().get(PLACES).values());
  }
}
