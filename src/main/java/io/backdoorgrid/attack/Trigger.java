package io.backdoorgrid.attack;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Arrays;
import java.util.LinkedHashMap;

/**
 * What is done to an image so that a backdoored network misclassifies it: {@code x' = trunc(x +
 * opacity * (pattern - x))} per pixel and channel, on the scale 0 to 255, before augmentation and
 * normalisation.
 *
 * <p>A patch has opacity 1 where it covers the image and 0 elsewhere; a blend has the same opacity
 * everywhere. Truncation is that of the benchmarks, which store poisoned images as 8-bit files.
 *
 * @param shape of the images
 * @param opacity per byte of an image, 0 to 1
 * @param pattern per byte of an image, 0 to 255
 */
public record Trigger(ImageShape shape, float[] opacity, float[] pattern) {

  private static final String OPACITY = "opacity";
  private static final String PATTERN = "pattern";

  public Trigger {
    if (opacity.length != shape.size() || pattern.length != shape.size()) {
      throw new IllegalArgumentException("opacity and pattern must have the shape " + shape);
    }
  }

  /** Puts the trigger on the image that starts at {@code offset}, in place. */
  public void apply(byte[] pixels, int offset) {
    for (int i = 0; i < opacity.length; i++) {
      if (opacity[i] != 0) {
        float x = pixels[offset + i] & 0xFF;
        float triggered = x + opacity[i] * (pattern[i] - x);
        pixels[offset + i] = (byte) (int) Math.max(0, Math.min(255, triggered));
      }
    }
  }

  /** As stored beside the victim's weights. */
  public SafeTensors toTensors() {
    var tensors = new LinkedHashMap<String, SafeTensors.Tensor>(); // the same bytes every time
    tensors.put(OPACITY, new SafeTensors.Tensor(edges(shape), opacity));
    tensors.put(PATTERN, new SafeTensors.Tensor(edges(shape), pattern));
    return new SafeTensors(tensors);
  }

  /**
   * What {@link #toTensors} gave.
   *
   * @throws IllegalArgumentException if a tensor is missing or has another shape
   */
  public static Trigger of(ImageShape shape, SafeTensors tensors) {
    return new Trigger(shape, values(shape, tensors, OPACITY), values(shape, tensors, PATTERN));
  }

  private static float[] values(ImageShape shape, SafeTensors tensors, String name) {
    SafeTensors.Tensor tensor = tensors.tensors().get(name);
    require(tensor != null, "the stored trigger has no '%s'", name);
    require(
        Arrays.equals(tensor.shape(), edges(shape)),
        "the stored trigger's %s has shape %s, the images %s",
        name,
        Arrays.toString(tensor.shape()),
        shape);
    return tensor.values();
  }

  private static long[] edges(ImageShape shape) {
    return new long[] {shape.height(), shape.width(), shape.channels()};
  }
}
