package io.backdoorgrid.torch;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Named float32 tensors in the safetensors format: a length, a JSON header, then the numbers, all
 * little endian. Reading runs no code and trusts no length.
 *
 * @param tensors by name, in file order
 */
public record SafeTensors(Map<String, Tensor> tensors) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LENGTH_BYTES = Long.BYTES;
  private static final int MAX_HEADER = 16 << 20;
  private static final String METADATA = "__metadata__";

  /**
   * A dense tensor.
   *
   * @param shape empty for a scalar
   * @param values in row-major order
   */
  public record Tensor(long[] shape, float[] values) {
    public Tensor {
      long size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
      if (size != values.length) {
        throw new IllegalArgumentException(
            "a tensor of shape "
                + Arrays.toString(shape)
                + " has not "
                + values.length
                + " values");
      }
    }
  }

  /** The numbers of a float32 array. */
  public static Tensor of(NDArray array) {
    return new Tensor(array.getShape().getShape(), array.toFloatArray());
  }

  /** The tensors whose names begin with {@code prefix}, without it. */
  public SafeTensors part(String prefix) {
    var part = new LinkedHashMap<String, Tensor>();
    tensors.forEach(
        (name, tensor) -> {
          if (name.startsWith(prefix)) {
            part.put(name.substring(prefix.length()), tensor);
          }
        });
    return new SafeTensors(part);
  }

  /** The same tensors under names that begin with {@code prefix}. */
  public Map<String, Tensor> under(String prefix) {
    var prefixed = new LinkedHashMap<String, Tensor>();
    tensors.forEach((name, tensor) -> prefixed.put(prefix + name, tensor));
    return prefixed;
  }

  /** The file's bytes. */
  public byte[] toBytes() {
    var header = JSON.createObjectNode();
    long offset = 0;
    for (var entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      long end = offset + (long) Float.BYTES * tensor.values().length;
      var description = header.putObject(entry.getKey()).put("dtype", "F32");
      Arrays.stream(tensor.shape()).forEach(description.putArray("shape")::add);
      description.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = headerBytes(header);
    var bytes =
        ByteBuffer.allocate(Math.toIntExact(LENGTH_BYTES + json.length + offset))
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json);
    FloatBuffer data = bytes.asFloatBuffer();
    tensors.values().forEach(tensor -> data.put(tensor.values()));
    return bytes.array();
  }

  /** A header, padded with blanks, as the format recommends, so that the numbers are aligned. */
  public static byte[] headerBytes(JsonNode header) {
    try {
      byte[] json = JSON.writeValueAsBytes(header);
      byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
      Arrays.fill(padded, json.length, padded.length, (byte) ' ');
      return padded;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if the header is longer than 16 MiB or the file, is no JSON,
   *     or describes other than consecutive float32 tensors that fill the file exactly
   */
  public static SafeTensors parse(byte[] file) {
    check(file.length >= LENGTH_BYTES, "%d bytes are too few for a header", file.length);
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    long length = bytes.getLong();
    check(
        length > 0 && length <= Math.min(MAX_HEADER, file.length - LENGTH_BYTES),
        "a header of %d bytes in a file of %d",
        length,
        file.length);
    JsonNode header = parseHeader(file, (int) length);
    bytes.position(LENGTH_BYTES + (int) length);
    FloatBuffer data = bytes.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();

    var tensors = new LinkedHashMap<String, Tensor>();
    long offset = 0;
    for (var field : header.properties()) {
      if (field.getKey().equals(METADATA)) {
        continue;
      }
      Tensor tensor = read(field.getKey(), field.getValue(), offset, data);
      tensors.put(field.getKey(), tensor);
      offset += (long) Float.BYTES * tensor.values().length;
    }
    check(
        offset == bytes.remaining(),
        "%d bytes of numbers, %d described",
        bytes.remaining(),
        offset);
    return new SafeTensors(tensors);
  }

  private static JsonNode parseHeader(byte[] file, int length) {
    try {
      JsonNode header = JSON.readTree(file, LENGTH_BYTES, length);
      check(header != null && header.isObject(), "the header is no JSON object");
      return header;
    } catch (IOException e) {
      throw new IllegalArgumentException("not a safetensors file: the header is no JSON", e);
    }
  }

  private static Tensor read(String name, JsonNode field, long offset, FloatBuffer data) {
    check(
        field.path("dtype").asText().equals("F32"),
        "tensor %s has type %s, expected F32",
        name,
        field.path("dtype").asText("none"));
    long[] shape = longs(name, field, "shape");
    long[] range = longs(name, field, "data_offsets");
    check(range.length == 2 && range[0] == offset, "tensor %s does not start at %d", name, offset);
    long size = 1;
    for (long edge : shape) {
      check(edge >= 0 && edge <= data.capacity(), "tensor %s has an edge of %d", name, edge);
      size *= edge; // both factors are at most the file's length, an int
      check(size <= data.capacity(), "tensor %s is larger than the file", name);
    }
    check(
        range[1] - offset == size * Float.BYTES,
        "tensor %s has offsets %d to %d for %d values",
        name,
        offset,
        range[1],
        size);
    check(size <= data.remaining(), "tensor %s ends behind the file", name);
    float[] values = new float[(int) size];
    data.get(values);
    return new Tensor(shape, values);
  }

  private static long[] longs(String name, JsonNode field, String key) {
    JsonNode array = field.path(key);
    check(array.isArray(), "tensor %s has no list '%s'", name, key);
    long[] values = new long[array.size()];
    for (int i = 0; i < values.length; i++) {
      JsonNode value = array.get(i);
      check(value.isIntegralNumber() && value.canConvertToLong(), "%s is no whole number", value);
      values[i] = array.get(i).asLong();
    }
    return values;
  }

  private static void check(boolean condition, String message, Object... values) {
    if (!condition) {
      throw new IllegalArgumentException("not a safetensors file: " + message.formatted(values));
    }
  }
}
