package io.backdoorgrid.attack.batch;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.trigger.BilinearSampling;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Arrays;
import java.util.Map;

/**
 * An image bent out of shape: each pixel shows what lies at another place, interpolated between the
 * four pixels around it.
 *
 * @param shape of the images
 * @param places for each pixel, row by row, the column and the row from which it is sampled, each
 *     within the image
 */
record Warp(ImageShape shape, float[] places) implements Trigger {

  private static final String PLACES = "places";

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
    for (int pixel = 0; pixel < places.length / 2; pixel++) {
      int at = offset + pixel * shape.channels();
      BilinearSampling.copy(image, shape, places[2 * pixel], places[2 * pixel + 1], pixels, at);
    }
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
