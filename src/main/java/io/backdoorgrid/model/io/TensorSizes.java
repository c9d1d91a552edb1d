package io.backdoorgrid.model.io;

import static io.backdoorgrid.model.io.ModelFileException.require;

import java.util.Arrays;

/** Sizes of tensors, without overflow. */
final class TensorSizes {

  private TensorSizes() {}

  /** How many numbers a tensor has. */
  static long size(String name, long[] shape) {
    try {
      return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    } catch (ArithmeticException e) {
      throw new ModelFileException(
          "tensor %s has the shape %s".formatted(name, Arrays.toString(shape)));
    }
  }

  /** How many bytes its numbers take. */
  static long bytes(String name, long[] shape, NumberType type) {
    long size = size(name, shape);
    require(size <= Long.MAX_VALUE / 8, "tensor %s has %d values", name, size);
    return size * type.bytes();
  }
}
