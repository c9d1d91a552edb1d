package io.backdoorgrid.torch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.backdoorgrid.torch.SafeTensors.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTensorsTest {

  private static final String PREFIX = "not a safetensors file: ";

  @Test
  void comesBackAsItWas() {
    var tensors = new LinkedHashMap<String, Tensor>();
    tensors.put("b.weight", new Tensor(new long[] {2, 3}, new float[] {1, -2, 3.5f, 0, 1e-30f, 6}));
    tensors.put("a.scalar", new Tensor(new long[] {}, new float[] {Float.MIN_VALUE}));
    tensors.put("empty", new Tensor(new long[] {0, 4}, new float[] {}));
    tensors.put("größe \"x\"", new Tensor(new long[] {1}, new float[] {Float.NEGATIVE_INFINITY}));

    Map<String, Tensor> read = SafeTensors.parse(new SafeTensors(tensors).toBytes()).tensors();

    assertThat(read.keySet()).containsExactlyElementsOf(tensors.keySet());
    read.forEach(
        (name, tensor) -> {
          assertThat(tensor.shape()).isEqualTo(tensors.get(name).shape());
          assertThat(tensor.values()).isEqualTo(tensors.get(name).values());
        });
  }

  /** The bytes that the format's own library would write: 1.0 is 00 00 80 3f. */
  @Test
  void writesTheFormat() {
    var tensors = Map.of("w", new Tensor(new long[] {1}, new float[] {1}));
    String header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    byte[] bytes = new SafeTensors(tensors).toBytes();
    assertThat(bytes).isEqualTo(file(header + " ".repeat(56 - header.length()), 1));
    assertThat(Arrays.copyOfRange(bytes, 8 + 56, bytes.length)).containsExactly(0, 0, 0x80, 0x3f);
  }

  @Test
  void readsPastMetadata() {
    byte[] file =
        file(
            """
            {"__metadata__": {"format": "pt"},
             "w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}
            """,
            1,
            2);
    assertThat(SafeTensors.parse(file).tensors().keySet()).containsExactly("w");
  }

  @Test
  void refusesATensorWithoutAllItsValues() {
    assertThatThrownBy(() -> new Tensor(new long[] {2, 3}, new float[5]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a tensor of shape [2, 3] has not 5 values");
  }

  @Test
  void refusesAFileWithoutAHeader() {
    assertRefused(new byte[7], "7 bytes are too few for a header");
    assertRefused(new byte[8], "a header of 0 bytes in a file of 8");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, 0, 3, 1L << 33, Long.MAX_VALUE})
  void refusesAnImpossibleHeaderLength(long length) {
    byte[] file = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
    assertRefused(file, "a header of " + length + " bytes in a file of 10");
  }

  @Test
  void refusesAHeaderBeyond16Mebibytes() {
    int length = (16 << 20) + 1;
    byte[] file =
        ByteBuffer.allocate(8 + length).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
    assertRefused(file, "a header of 16777217 bytes in a file of 16777225");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "{\"w\": ", "{'w': 1}"})
  void refusesAHeaderThatIsNoJson(String header) {
    assertRefused(file(header), "the header is no JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "3", "null", "\"w\"", "  "})
  void refusesAHeaderThatIsNoObject(String header) {
    assertRefused(file(header), "the header is no JSON object");
  }

  @Test
  void refusesAHeaderNestedWithoutEnd() {
    assertRefused(file("[".repeat(100_000)), "the header is no JSON");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'dtype':'BF16','shape':[1],'data_offsets':[0,4]} | tensor w has type BF16, expected F32",
        "{'shape':[1],'data_offsets':[0,4]}                | tensor w has type none, expected F32",
        "7                                                 | tensor w has type none, expected F32",
      })
  void refusesOtherTypes(String description, String message) {
    assertRefused(description, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[-1]                     | tensor w has an edge of -1",
        "[9223372036854775807, 2] | tensor w has an edge of 9223372036854775807",
        "[2]                      | tensor w has an edge of 2",
        "[1, 0, 5]                | tensor w has an edge of 5",
        "[0]                      | tensor w has offsets 0 to 4 for 0 values",
        "[9223372036854775808]    | 9223372036854775808 is no whole number",
        "[1.5]                    | 1.5 is no whole number",
        "[true]                   | true is no whole number",
        "{'edge': 1}              | tensor w has no list 'shape'",
        "1                        | tensor w has no list 'shape'",
      })
  void refusesAnImpossibleShape(String shape, String message) {
    assertRefused("{'dtype':'F32','shape':%s,'data_offsets':[0,4]}".formatted(shape), message);
  }

  /** 65536 times itself four times is 2^64, which overflows to 0. */
  @Test
  void refusesAShapeWhoseProductOverflows() {
    byte[] file =
        file(
            quoted("{'w':{'dtype':'F32','shape':[65536,65536,65536,65536],'data_offsets':[0,0]}}"),
            new float[65536]);
    assertRefused(file, "tensor w is larger than the file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[4, 8]                    | tensor w does not start at 0",
        "[-4, 0]                   | tensor w does not start at 0",
        "[0]                       | tensor w does not start at 0",
        "[0, 4, 8]                 | tensor w does not start at 0",
        "[0, 8]                    | tensor w has offsets 0 to 8 for 1 values",
        "[0, -4]                   | tensor w has offsets 0 to -4 for 1 values",
        "[0, 9223372036854775807]  | tensor w has offsets 0 to 9223372036854775807 for 1 values",
        "null                      | tensor w has no list 'data_offsets'",
      })
  void refusesImpossibleOffsets(String offsets, String message) {
    assertRefused("{'dtype':'F32','shape':[1],'data_offsets':%s}".formatted(offsets), message);
  }

  @ParameterizedTest
  @CsvSource({"0, 4", "8, 12"})
  void refusesTensorsThatOverlapOrLeaveAGap(int from, int to) {
    byte[] file =
        file(
            quoted(
                """
                {'v': {'dtype': 'F32', 'shape': [1], 'data_offsets': [0, 4]},
                 'w': {'dtype': 'F32', 'shape': [1], 'data_offsets': [%d, %d]}}
                """
                    .formatted(from, to)),
            1,
            2,
            3);
    assertRefused(file, "tensor w does not start at 4");
  }

  @Test
  void refusesTruncatedNumbers() {
    byte[] file = file(vector(2), 1, 2);
    assertRefused(Arrays.copyOf(file, file.length - 4), "tensor w has an edge of 2");
    assertRefused(Arrays.copyOf(file, file.length - 1), "tensor w has an edge of 2");
    byte[] two =
        file(
            quoted(
                """
                {'v': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0, 8]},
                 'w': {'dtype': 'F32', 'shape': [2], 'data_offsets': [8, 16]}}
                """),
            1,
            2,
            3);
    assertRefused(two, "tensor w ends behind the file");
  }

  @Test
  void refusesBytesBehindTheNumbers() {
    byte[] file = file(vector(2), 1, 2);
    assertRefused(Arrays.copyOf(file, file.length + 4), "12 bytes of numbers, 8 described");
    assertRefused(Arrays.copyOf(file, file.length + 1), "9 bytes of numbers, 8 described");
  }

  @Test
  void takesThePartUnderAPrefix() {
    var tensors = new LinkedHashMap<String, Tensor>();
    tensors.put("head.b", number(1));
    tensors.put("headless", number(2));
    tensors.put("head.a.head.c", number(3));
    tensors.put("a", number(4));
    var all = new SafeTensors(tensors);
    assertThat(all.part("head.").tensors())
        .containsExactly(
            entry("b", tensors.get("head.b")), entry("a.head.c", tensors.get("head.a.head.c")));
    assertThat(all.part("tail.").tensors()).isEmpty();
    assertThat(all.tensors()).hasSize(4);
  }

  @Test
  void putsTensorsUnderAPrefixFromWhichTheyComeBack() {
    var tensors = new LinkedHashMap<String, Tensor>();
    tensors.put("b", number(1));
    tensors.put("a", number(2));
    Map<String, Tensor> prefixed = new SafeTensors(tensors).under("x.");
    assertThat(prefixed)
        .containsExactly(entry("x.b", tensors.get("b")), entry("x.a", tensors.get("a")));
    assertThat(new SafeTensors(prefixed).part("x.").tensors()).containsExactlyEntriesOf(tensors);
  }

  private static Tensor number(float value) {
    return new Tensor(new long[] {}, new float[] {value});
  }

  /** A tensor w that is described so, with one number. */
  private static void assertRefused(String description, String message) {
    assertRefused(file(quoted("{'w':" + description + "}"), 1), message);
  }

  private static void assertRefused(byte[] file, String message) {
    assertThatThrownBy(() -> SafeTensors.parse(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(PREFIX + message);
  }

  private static String vector(int size) {
    return quoted(
        "{'w': {'dtype': 'F32', 'shape': [%d], 'data_offsets': [0, %d]}}"
            .formatted(size, 4 * size));
  }

  private static String quoted(String text) {
    return text.replace('\'', '"');
  }

  private static byte[] file(String header, float... numbers) {
    byte[] json = header.getBytes(UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + json.length + 4 * numbers.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json);
    file.asFloatBuffer().put(numbers);
    return file.array();
  }
}
