package io.backdoorgrid.perturb;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import java.util.stream.IntStream;

/** Bytes of images as numbers, and numbers as bytes. */
public final class Pixels {

  private Pixels() {}

  /** A number as an unsigned byte: limited to 0 to 255, its fraction cut off. */
  public static byte clamped(float value) {
    return (byte) (int) Math.max(0, Math.min(255, value));
  }

  /** Unsigned bytes as numbers from 0 to 255. */
  static float[] numbers(byte[] pixels) {
    float[] numbers = new float[pixels.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = pixels[i] & 0xFF;
    }
    return numbers;
  }

  /**
   * Adds numbers to the image that starts at {@code offset}, in place.
   *
   * @param shift per byte of an image
   */
  public static void add(byte[] pixels, int offset, float[] shift) {
    for (int i = 0; i < shift.length; i++) {
      pixels[offset + i] = clamped((pixels[offset + i] & 0xFF) + shift[i]);
    }
  }

  /**
   * Images as {@link io.backdoorgrid.model.Classifier#input(NDArray)} takes them: (n, height,
   * width, channels) float32, on the scale 0 to 255.
   */
  public static NDArray of(NDManager scope, LabeledImages images) {
    return array(scope, images.shape(), numbers(images.pixels()));
  }

  /** The labels of images: (n), int64. */
  public static NDArray labels(NDManager scope, LabeledImages images) {
    return scope.create(IntStream.of(images.labels()).asLongStream().toArray());
  }

  /**
   * Images as {@link io.backdoorgrid.model.Classifier#input(NDArray)} takes them.
   *
   * @param scope owns the result
   * @param numbers of whole images, on the scale 0 to 255
   */
  static NDArray array(NDManager scope, ImageShape shape, float[] numbers) {
    int count = numbers.length / shape.size();
    return scope.create(numbers, new Shape(count, shape.height(), shape.width(), shape.channels()));
  }
}
