package io.backdoorgrid.attack.trigger;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.perturb.Pixels;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Map;

/**
 * A pattern added to the image: {@code x + shift} per pixel and channel.
 *
 * @param shape of the images
 * @param shift per byte of an image, -255 to 255
 */
public record Shift(ImageShape shape, float[] shift) implements Trigger {

  private static final String SHIFT = "shift";

  public Shift {
    require(shift.length == shape.size(), "a shift must have the shape %s", shape);
  }

  @Override
  public void apply(byte[] pixels, int offset) {
    Pixels.add(pixels, offset, shift);
  }

  @Override
  public SafeTensors toTensors() {
    return new SafeTensors(Map.of(SHIFT, Trigger.tensor(shape, shift)));
  }

  public static Shift of(ImageShape shape, SafeTensors tensors) {
    return new Shift(shape, Trigger.values(shape, tensors, SHIFT));
  }
}
