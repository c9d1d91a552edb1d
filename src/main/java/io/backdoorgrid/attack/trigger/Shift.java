package io.backdoorgrid.attack.trigger;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Map;

/**
 * A pattern added to the image: {@code x + shift} per pixel and channel.
 *
 * @param shape of the images
 * @param shift per byte of an image, -255 to 255
 */
public record Shift(ImageShape shape, float[] shift) implements Trigger {

  public static final String SHIFT = "shift";

  public Shift {
    require(shift.length == shape.size(), "a shift must have the shape %s", shape);
  }

  @Override
  public void apply(byte[] pixels, int offset) {
    for (int i = 0; i < shift.length; i++) {
      pixels[offset + i] = Trigger.pixel((pixels[offset + i] & 0xFF) + shift[i]);
    }
  }

  @Override
  public SafeTensors toTensors() {
    return new SafeTensors(Map.of(SHIFT, Trigger.tensor(shape, shift)));
  }

  public static Shift of(ImageShape shape, SafeTensors tensors) {
    return new Shift(shape, Trigger.values(shape, tensors, SHIFT));
  }
}
