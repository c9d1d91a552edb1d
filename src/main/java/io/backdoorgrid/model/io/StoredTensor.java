package io.backdoorgrid.model.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A dense tensor as a file has it.
 *
 * @param shape empty for a scalar
 * @param data the numbers in row-major order, little endian
 */
public record StoredTensor(NumberType type, long[] shape, byte[] data) {

  /** How many numbers it has. */
  public int size() {
    return data.length / type.bytes();
  }

  /** Its numbers; those of 64 bits are rounded. */
  public float[] floats() {
    ByteBuffer buffer = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = type.read(buffer);
    }
    return values;
  }

  /** The same tensor with other numbers; those that did not change keep their bits. */
  StoredTensor with(float[] values) {
    float[] old = floats();
    ByteBuffer buffer = ByteBuffer.wrap(data.clone()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      if (Float.floatToIntBits(values[i]) != Float.floatToIntBits(old[i])) {
        type.write(buffer.position(i * type.bytes()), values[i]);
      }
    }
    return new StoredTensor(type, shape, buffer.array());
  }
}
