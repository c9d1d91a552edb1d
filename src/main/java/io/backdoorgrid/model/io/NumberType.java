package io.backdoorgrid.model.io;

import static io.backdoorgrid.model.io.ModelFileException.require;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The types of numbers that files of image models have, in safetensors and in PyTorch. */
public enum NumberType {
  F64("DoubleStorage", 8),
  F32("FloatStorage", 4),
  F16("HalfStorage", 2),
  BF16("BFloat16Storage", 2),
  I64("LongStorage", 8),
  I32("IntStorage", 4),
  I16("ShortStorage", 2),
  I8("CharStorage", 1),
  U8("ByteStorage", 1),
  BOOL("BoolStorage", 1);

  private static final int HALF_BIAS = 15;
  private static final int FLOAT_BIAS = 127;

  private final String storage;
  private final int bytes;

  NumberType(String storage, int bytes) {
    this.storage = storage;
    this.bytes = bytes;
  }

  /** The class of PyTorch's storages of this type, in the module {@code torch}. */
  String storage() {
    return storage;
  }

  /** Of one number. */
  public int bytes() {
    return bytes;
  }

  /** Whether weights may be of this type. */
  public boolean isFloating() {
    return this == F64 || this == F32 || this == F16 || this == BF16;
  }

  static Optional<NumberType> ofStorage(String name) {
    return Arrays.stream(values()).filter(type -> type.storage.equals(name)).findFirst();
  }

  /**
   * @param name as safetensors has it
   */
  static NumberType of(String tensor, String name) {
    Optional<NumberType> found =
        Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    require(
        found.isPresent(),
        "tensor %s has type %s; known are %s",
        tensor,
        name,
        Arrays.stream(values()).map(NumberType::name).collect(Collectors.joining(", ")));
    return found.get();
  }

  /** The next number of a little-endian buffer. */
  float read(ByteBuffer data) {
    return switch (this) {
      case F64 -> (float) data.getDouble();
      case F32 -> data.getFloat();
      case F16 -> halfToFloat(data.getShort());
      case BF16 -> Float.intBitsToFloat(data.getShort() << 16);
      case I64 -> data.getLong();
      case I32 -> data.getInt();
      case I16 -> data.getShort();
      case I8 -> data.get();
      case U8, BOOL -> data.get() & 0xff;
    };
  }

  /** Appends a number to a little-endian buffer, rounded to the nearest, ties to even. */
  void write(ByteBuffer data, float value) {
    switch (this) {
      case F64 -> data.putDouble(value);
      case F32 -> data.putFloat(value);
      case F16 -> data.putShort(floatToHalf(value));
      case BF16 -> data.putShort(floatToBfloat16(value));
      case I64 -> data.putLong(Math.round((double) value));
      case I32 -> data.putInt(Math.round(value));
      case I16 -> data.putShort((short) Math.round(value));
      case I8, U8, BOOL -> data.put((byte) Math.round(value));
    }
  }

  static float halfToFloat(short half) {
    int sign = half & 0x8000;
    int exponent = half >>> 10 & 0x1f;
    int fraction = half & 0x3ff;
    float magnitude;
    if (exponent == 0) {
      magnitude = fraction * 0x1p-24f; // subnormal, or zero
    } else if (exponent == 0x1f) {
      magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else {
      magnitude = Float.intBitsToFloat(exponent - HALF_BIAS + FLOAT_BIAS << 23 | fraction << 13);
    }
    return sign == 0 ? magnitude : -magnitude;
  }

  static short floatToHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    float magnitude = Math.abs(value);
    if (Float.isNaN(value)) {
      return (short) (sign | 0x7e00);
    }
    if (magnitude >= 65520) { // half way beyond the largest
      return (short) (sign | 0x7c00);
    }
    if (magnitude < 0x1p-14f) {
      return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
    }
    int exponent = Math.getExponent(magnitude);
    // A fraction that rounds up to 1024 carries into the exponent, as it should.
    int fraction = (int) Math.rint((magnitude / (double) Math.scalb(1f, exponent) - 1) * 1024);
    return (short) (sign | (exponent + HALF_BIAS << 10) + fraction);
  }

  static short floatToBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }
}
