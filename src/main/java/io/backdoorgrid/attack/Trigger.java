package io.backdoorgrid.attack;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Arrays;

/**
 * A change to an image that makes a backdoored network misclassify it, on the scale 0 to 255,
 * before augmentation and normalization. Results are clamped to that scale and truncated, as in the
 * benchmarks, which store poisoned images as 8-bit files, unless a trigger says otherwise.
 */
public interface Trigger {

  /** The shape of the images. */
  ImageShape shape();

  /** Puts the trigger on the image that starts at {@code offset}, in place. */
  void apply(byte[] pixels, int offset);

  /** Puts the trigger on the images at those positions, in place. */
  default void apply(LabeledImages images, int[] positions) {
    for (int position : positions) {
      apply(images.pixels(), position * images.shape().size());
    }
  }

  /** As stored beside the victim's weights; {@link BackdoorAttack#readTrigger} reads it. */
  SafeTensors toTensors();

  /** A tensor with a value per byte of an image. */
  static SafeTensors.Tensor tensor(ImageShape shape, float[] values) {
    return new SafeTensors.Tensor(edges(shape), values);
  }

  /** The values of such a tensor. */
  static float[] values(ImageShape shape, SafeTensors tensors, String name) {
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
