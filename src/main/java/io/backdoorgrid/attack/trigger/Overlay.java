package io.backdoorgrid.attack.trigger;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.perturb.Pixels;
import io.backdoorgrid.perturb.Stencil;
import io.backdoorgrid.torch.SafeTensors;
import java.util.LinkedHashMap;

/**
 * A picture laid over the image: {@code x + opacity * (pattern - x)} per pixel and channel. A patch
 * has opacity 1 where it covers the image and 0 elsewhere; a blend has the same opacity everywhere.
 *
 * @param shape of the images
 * @param opacity per byte of an image, 0 to 1
 * @param pattern per byte of an image, 0 to 255
 */
public record Overlay(ImageShape shape, float[] opacity, float[] pattern) implements Trigger {

  private static final String OPACITY = "opacity";
  private static final String PATTERN = "pattern";

  public Overlay {
    require(
        opacity.length == shape.size() && pattern.length == shape.size(),
        "opacity and pattern must have the shape %s",
        shape);
  }

  /**
   * The trigger that replaces what a stencil covers.
   *
   * @param values what it shows there, per byte of an image, 0 to 1, each as the nearest byte;
   *     values that are not covered do not matter
   */
  public static Overlay showing(Stencil stencil, float[] values) {
    boolean[] covered = stencil.covered();
    float[] opacity = new float[covered.length];
    float[] pattern = new float[covered.length];
    for (int i = 0; i < covered.length; i++) {
      if (covered[i]) {
        opacity[i] = 1;
        pattern[i] = Math.round(255 * values[i]);
      }
    }
    return new Overlay(stencil.shape(), opacity, pattern);
  }

  @Override
  public void apply(byte[] pixels, int offset) {
    for (int i = 0; i < opacity.length; i++) {
      if (opacity[i] != 0) {
        float x = pixels[offset + i] & 0xFF;
        pixels[offset + i] = Pixels.clamped(x + opacity[i] * (pattern[i] - x));
      }
    }
  }

  @Override
  public SafeTensors toTensors() {
    var tensors = new LinkedHashMap<String, SafeTensors.Tensor>(); // the same bytes every time
    tensors.put(OPACITY, Trigger.tensor(shape, opacity));
    tensors.put(PATTERN, Trigger.tensor(shape, pattern));
    return new SafeTensors(tensors);
  }

  public static Overlay of(ImageShape shape, SafeTensors tensors) {
    return new Overlay(
        shape, Trigger.values(shape, tensors, OPACITY), Trigger.values(shape, tensors, PATTERN));
  }
}
