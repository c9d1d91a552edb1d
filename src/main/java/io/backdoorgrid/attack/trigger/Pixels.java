package io.backdoorgrid.attack.trigger;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.data.ImageShape;

/** Images as numbers that a network's output can be differentiated by. */
final class Pixels {

  private Pixels() {}

  /**
   * What {@link io.backdoorgrid.model.Classifier#input(NDArray)} takes.
   *
   * @param scope owns the result
   * @param numbers of whole images, on the scale 0 to 255
   */
  static NDArray of(NDManager scope, ImageShape shape, float[] numbers) {
    int count = numbers.length / shape.size();
    return scope.create(numbers, new Shape(count, shape.height(), shape.width(), shape.channels()));
  }

  static float[] numbers(byte[] pixels) {
    float[] numbers = new float[pixels.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = pixels[i] & 0xFF;
    }
    return numbers;
  }
}
