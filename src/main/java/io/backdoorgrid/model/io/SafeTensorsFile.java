package io.backdoorgrid.model.io;

import static io.backdoorgrid.model.io.ModelFileException.require;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.backdoorgrid.model.io.ModelFile.Container;
import io.backdoorgrid.torch.SafeTensors;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The safetensors format as everybody writes it: tensors of any type, their numbers in any order,
 * metadata, several files with an index.
 */
final class SafeTensorsFile {

  /** Those of real models have less than one; their reference reads up to 100. */
  private static final int MOST_HEADER_BYTES = 16 << 20;

  private static final int LENGTH_BYTES = Long.BYTES;
  private static final String METADATA = "__metadata__";
  private static final String MAP = "weight_map";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Where a tensor lies in the data. */
  private record Entry(String name, NumberType type, long[] shape, long begin, long end) {}

  private SafeTensorsFile() {}

  static ModelFile read(Path path) throws IOException {
    try (var file = new RandomAccessFile(path.toFile(), "r")) {
      byte[] length = new byte[LENGTH_BYTES];
      file.readFully(length);
      long header = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
      long rest = file.length() - LENGTH_BYTES;
      require(
          header > 0 && header <= Math.min(MOST_HEADER_BYTES, rest),
          "a header of %s bytes in a file of %d",
          Long.toUnsignedString(header),
          file.length());
      byte[] json = new byte[(int) header];
      file.readFully(json);
      return read(file, parse(json), rest - header);
    }
  }

  private static JsonNode parse(byte[] json) {
    try {
      JsonNode node = JSON.readTree(json);
      require(node.isObject(), "the header is no JSON object");
      return node;
    } catch (JsonProcessingException e) {
      // What stands in brackets is for programmers.
      String reason = e.getOriginalMessage().replaceFirst(" *\\(.*", "");
      throw new ModelFileException("the header is no JSON: " + reason);
    } catch (IOException e) {
      throw new ModelFileException("the header is no JSON");
    }
  }

  private static ModelFile read(RandomAccessFile file, JsonNode header, long bytes)
      throws IOException {
    var entries = new ArrayList<Entry>();
    var metadata = new LinkedHashMap<String, String>();
    for (Map.Entry<String, JsonNode> field : header.properties()) {
      if (field.getKey().equals(METADATA)) {
        for (Map.Entry<String, JsonNode> more : field.getValue().properties()) {
          require(more.getValue().isTextual(), "the metadata '%s' is no text", more.getKey());
          metadata.put(more.getKey(), more.getValue().asText());
        }
      } else {
        entries.add(entry(field.getKey(), field.getValue(), bytes));
      }
    }
    requireWhole(entries, bytes);
    long start = file.getFilePointer();
    var tensors = new LinkedHashMap<String, StoredTensor>();
    for (Entry entry : entries) {
      byte[] data = new byte[Math.toIntExact(entry.end() - entry.begin())];
      file.seek(start + entry.begin());
      file.readFully(data);
      tensors.put(entry.name(), new StoredTensor(entry.type(), entry.shape(), data));
    }
    return new ModelFile(Container.SAFETENSORS, tensors, metadata, List.of(), "");
  }

  private static Entry entry(String name, JsonNode field, long bytes) {
    NumberType type = NumberType.of(name, field.path("dtype").asText("none"));
    long[] shape = longs(name, field, "shape");
    long[] range = longs(name, field, "data_offsets");
    require(
        range.length == 2 && range[0] >= 0 && range[0] <= range[1] && range[1] <= bytes,
        "tensor %s lies at %s in %d bytes",
        name,
        Arrays.toString(range),
        bytes);
    require(range[1] - range[0] <= Integer.MAX_VALUE - 8, "tensor %s has over 2 GiB", name);
    require(
        TensorSizes.bytes(name, shape, type) == range[1] - range[0],
        "tensor %s of shape %s has %d bytes",
        name,
        Arrays.toString(shape),
        range[1] - range[0]);
    return new Entry(name, type, shape, range[0], range[1]);
  }

  /** The order of the header need not be that of the numbers, but these leave no byte out. */
  private static void requireWhole(List<Entry> entries, long bytes) {
    var byPlace = new ArrayList<>(entries);
    byPlace.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long end = 0;
    for (Entry entry : byPlace) {
      require(
          entry.begin() == end, "tensor %s begins at %d, not %d", entry.name(), entry.begin(), end);
      end = entry.end();
    }
    require(end == bytes, "%d bytes of numbers, %d described", bytes, end);
  }

  private static long[] longs(String name, JsonNode field, String key) {
    JsonNode array = field.path(key);
    require(array.isArray() && array.size() <= 16, "tensor %s has no list '%s'", name, key);
    long[] values = new long[array.size()];
    for (int i = 0; i < values.length; i++) {
      JsonNode value = array.get(i);
      require(
          value.isIntegralNumber() && value.canConvertToLong() && value.asLong() >= 0,
          "tensor %s has a %s that is no natural number",
          name,
          key);
      values[i] = value.asLong();
    }
    return values;
  }

  /** Reads all files that an index names; they lie beside it. */
  static ModelFile readShards(Path index) throws IOException {
    require(Files.size(index) <= MOST_HEADER_BYTES, "an index of %d bytes", Files.size(index));
    JsonNode map = parse(Files.readAllBytes(index)).path(MAP);
    require(map.isObject(), "the index has no '%s'", MAP);
    var shards = new HashMap<String, ModelFile>();
    var tensors = new LinkedHashMap<String, StoredTensor>();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      String name = entry.getValue().asText();
      require(
          entry.getValue().isTextual() && name.matches("[A-Za-z0-9][A-Za-z0-9._-]*"),
          "the index names '%s', which is no file beside it",
          name);
      if (!shards.containsKey(name)) {
        Path shard = index.resolveSibling(name);
        require(Files.isRegularFile(shard), "%s, which the index names, is not there", shard);
        shards.put(name, read(shard));
      }
      StoredTensor tensor = shards.get(name).tensors().get(entry.getKey());
      require(tensor != null, "%s has no tensor %s", name, entry.getKey());
      tensors.put(entry.getKey(), tensor);
    }
    return new ModelFile(Container.SAFETENSORS, tensors, Map.of(), List.of(), "");
  }

  static byte[] write(Map<String, StoredTensor> tensors, Map<String, String> metadata) {
    ObjectNode header = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode notes = header.putObject(METADATA);
      metadata.forEach(notes::put);
    }
    long offset = 0;
    for (Map.Entry<String, StoredTensor> entry : tensors.entrySet()) {
      StoredTensor tensor = entry.getValue();
      long end = offset + tensor.data().length;
      ObjectNode field = header.putObject(entry.getKey()).put("dtype", tensor.type().name());
      Arrays.stream(tensor.shape()).forEach(field.putArray("shape")::add);
      field.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = SafeTensors.headerBytes(header);
    ByteBuffer file =
        ByteBuffer.allocate(Math.toIntExact(LENGTH_BYTES + json.length + offset))
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json);
    tensors.values().forEach(tensor -> file.put(tensor.data()));
    return file.array();
  }
}
