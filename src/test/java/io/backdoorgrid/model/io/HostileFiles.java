package io.backdoorgrid.model.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.params.provider.Arguments;

/** Files that lie about themselves. */
final class HostileFiles {

  private HostileFiles() {}

  /** A safetensors file. */
  private static byte[] tensors(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return tensors(json.length, json, dataBytes);
  }

  private static byte[] tensors(long length, byte[] json, int dataBytes) {
    return ByteBuffer.allocate(8 + json.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(length)
        .put(json)
        .array();
  }

  private static String tensor(String shape, String begin, String end) {
    return "{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%s,%s]}".formatted(shape, begin, end);
  }

  private static String one(String shape, String begin, String end) {
    return "{\"a\":" + tensor(shape, begin, end) + "}";
  }

  private static byte[] bytes(Object... parts) {
    var out = new ByteArrayOutputStream();
    for (Object part : parts) {
      if (part instanceof Integer code) {
        out.write(code);
      } else if (part instanceof byte[] raw) {
        out.writeBytes(raw);
      } else {
        out.writeBytes(((String) part).getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    return out.toByteArray();
  }

  private static byte[] littleEndian(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  private static byte[] littleEndian(long value) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }

  /** A zip file as torch.save makes it, with that pickle. */
  private static byte[] zip(Object... pickle) {
    return zip(Map.of("archive/data.pkl", bytes(pickle)), ZipEntry.STORED);
  }

  private static byte[] zip(Map<String, byte[]> files, int method) {
    var out = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        var entry = new ZipEntry(file.getKey());
        entry.setMethod(method);
        if (method == ZipEntry.STORED) {
          var crc = new CRC32();
          crc.update(file.getValue());
          entry.setCrc(crc.getValue());
          entry.setSize(file.getValue().length);
        }
        zip.putNextEntry(entry);
        zip.write(file.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }

  /** A state_dict of one float32 tensor with those arguments of _rebuild_tensor_v2. */
  private static Object[] state(String key, int count, Object... arguments) {
    return new Object[] {
      0x80,
      2,
      "}X",
      littleEndian(1),
      "a",
      "ctorch._utils\n_rebuild_tensor_v2\n((X",
      littleEndian(7),
      "storagectorch\nFloatStorage\nX",
      littleEndian(key.length()),
      key,
      "X",
      littleEndian(3),
      "cpuJ",
      littleEndian(count),
      "tQ",
      bytes(arguments),
      0x89,
      "NtRs."
    };
  }

  private static Object[] view(long offset, int[] shape, int[] strides) {
    var parts = new ArrayList<Object>(List.of("J", littleEndian((int) offset), "("));
    Arrays.stream(shape).forEach(edge -> parts.addAll(List.of("J", littleEndian(edge))));
    parts.addAll(List.of("t", "("));
    Arrays.stream(strides).forEach(stride -> parts.addAll(List.of("J", littleEndian(stride))));
    parts.add("t");
    return parts.toArray();
  }

  private static byte[] zipWithStorage(String key, int count, byte[] storage, Object... view) {
    var files = new LinkedHashMap<String, byte[]>();
    files.put("archive/data.pkl", bytes(state(key, count, view)));
    files.put("archive/data/0", storage);
    return zip(files, ZipEntry.STORED);
  }

  /** A file of torch before 1.6 with that object; its other pickles are sound. */
  private static byte[] legacy(Object... rest) {
    return bytes(
        0x80,
        2,
        0x8a,
        10,
        new byte[] {0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20},
        new byte[] {0x6a, (byte) 0xa8, 0x50, 0x19},
        ".",
        0x80,
        2,
        "M",
        0xe9,
        3,
        ".",
        0x80,
        2,
        "}X",
        littleEndian(13),
        "little_endian",
        0x88,
        "s.",
        bytes(rest));
  }

  private static String repeated(String text, int times) {
    return text.repeat(times);
  }

  /** Each with a name. */
  static List<Arguments> all() {
    var files = new ArrayList<Arguments>();
    files.add(Arguments.of("empty", new byte[0]));
    files.add(Arguments.of("a blank", bytes(" ")));
    files.add(
        Arguments.of("a page of HTML", bytes("<!DOCTYPE html><html><body>404</body></html>")));
    files.add(Arguments.of("an archive of tar", bytes(new byte[257], "ustar", new byte[250])));
    addTensors(files);
    addPickles(files);
    addViews(files);
    addContainers(files);
    return files;
  }

  private static void addTensors(List<Arguments> files) {
    files.add(Arguments.of("a header of 2^63 bytes", tensors(Long.MIN_VALUE, bytes("{}"), 0)));
    files.add(Arguments.of("a header of -1 bytes", tensors(-1, bytes("{}"), 0)));
    files.add(Arguments.of("a header of 0 bytes", tensors(0, bytes("{}"), 0)));
    files.add(Arguments.of("a header longer than the file", tensors(100, bytes("{}"), 3)));
    files.add(Arguments.of("a header of 1 GiB", tensors(1 << 30, bytes("{}"), 3)));
    for (String header :
        List.of(
            "{",
            "{]",
            "{}{}",
            "{\"a\":1}",
            "{\"a\":{}}",
            "{\"a\":null}",
            "{\"a\":{\"dtype\":\"F32\"}}",
            "{\"a\":{\"dtype\":\"F7\",\"shape\":[1],\"data_offsets\":[0,4]}}",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":4,\"data_offsets\":[0,4]}}",
            "{" + "\"a\":{".repeat(100_000),
            "[" + "[".repeat(100_000),
            "{\"a\\nb\\u001b[31m\":{}}",
            "{\"" + "a".repeat(100_000) + "\":{}}",
            "{\"__metadata__\":{\"a\":1}," + one("[1]", "0", "4").substring(1),
            "{\"a\":" + tensor("[1]", "0", "4") + ",\"a\":" + tensor("[1]", "0", "4") + "}",
            "{\"a\":" + tensor("[1]", "0", "4") + ",\"b\":" + tensor("[1]", "0", "4") + "}",
            "{\"a\":" + tensor("[1]", "0", "4") + ",\"b\":" + tensor("[1]", "2", "6") + "}",
            one("[1]", "4", "8"),
            one("[1]", "-4", "0"),
            one("[1]", "4", "0"),
            one("[1]", "0", "1e2147483647"),
            one("[1]", "0", "4.0"),
            one("[1]", "0", "9".repeat(999)),
            one("[1]", "0", "9".repeat(100_000)),
            one("[-1]", "0", "4"),
            one("[2]", "0", "4"),
            one("[4294967296,4294967296]", "0", "4"),
            one("[9223372036854775807,2]", "0", "4"),
            one("[1152921504606846976,4]", "0", "4"),
            one("[" + "1,".repeat(1000) + "1]", "0", "4"))) {
      String name = "tensors " + header.substring(0, Math.min(60, header.length()));
      files.add(Arguments.of(name, tensors(header, 4)));
    }
    files.add(Arguments.of("numbers left over", tensors(one("[1]", "0", "4"), 5)));
  }

  private static void addPickles(List<Arguments> files) {
    Map<String, Object[]> pickles = new LinkedHashMap<>();
    pickles.put("nothing", new Object[] {});
    pickles.put("only an end", new Object[] {"."});
    pickles.put("no end", new Object[] {0x80, 2, "}"});
    pickles.put("a later protocol", new Object[] {0x80, 99, "}."});
    pickles.put("a text of 2 GiB", new Object[] {"X", littleEndian(0x7fffffff), "a."});
    pickles.put("a text of -1 bytes", new Object[] {"X", littleEndian(-1), "a."});
    pickles.put("a text of 2^63 bytes", new Object[] {0x8d, littleEndian(Long.MIN_VALUE), "a."});
    pickles.put("bytes of 2^40", new Object[] {0x8e, littleEndian(1L << 40), "a."});
    pickles.put("a number of 255 bytes", new Object[] {0x8a, 255, "1."});
    pickles.put(
        "a number of a million digits", new Object[] {"I" + repeated("9", 1_000_000), "\n."});
    pickles.put("a name without an end", new Object[] {"c" + repeated("a", 1_000_000)});
    pickles.put("five million lists", new Object[] {repeated("]", 5_000_000), "."});
    pickles.put("five million dictionaries", new Object[] {repeated("}", 5_000_000), "."});
    pickles.put("five million marks", new Object[] {repeated("(", 5_000_000), "."});
    pickles.put("a list within lists", new Object[] {"]", repeated("]q\0ha", 1_000), "h\0a."});
    pickles.put("a list in itself", new Object[] {"]q\0h\0a."});
    pickles.put("a dictionary that is its key", new Object[] {"}q\0h\0h\0s."});
    pickles.put("a list that is its key", new Object[] {"}]q\0h\0a", "h\0s."});
    pickles.put(
        "a doubled list, sixty times", new Object[] {"]q\0", repeated("]h\0ah\0aq\0", 60), "."});
    pickles.put("memory that is not there", new Object[] {"h\7."});
    pickles.put("a mark that is not there", new Object[] {"t."});
    pickles.put("a value that is not there", new Object[] {"0."});
    pickles.put("an entry without a dictionary", new Object[] {"N(NNu."});
    pickles.put("an item without a list", new Object[] {"NNa."});
    pickles.put("a key without a value", new Object[] {"}(Nu."});
    pickles.put("an extension", new Object[] {0x82, 1, "."});
    pickles.put("a buffer from outside", new Object[] {0x97, "."});
    pickles.put("a call without arguments", new Object[] {"cposix\nsystem\nR."});
    pickles.put("a call", new Object[] {"cposix\nsystem\n(X", littleEndian(4), "truetR."});
    pickles.put("a call by class", new Object[] {"(cposix\nsystem\nX", littleEndian(4), "trueo."});
    pickles.put("a call by name", new Object[] {"(X", littleEndian(4), "trueiposix\nsystem\n."});
    pickles.put(
        "decimal", new Object[] {"cdecimal\nDecimal\n(X", littleEndian(12), "1E2147483647tR."});
    pickles.put("a path for a storage", new Object[] {"X", littleEndian(4), "/etcQ."});
    pickles.put(
        "a storage of paths", new Object[] {"(X", littleEndian(7), "storagecos\npath\nNNNtQ."});
    pickles.put(
        "an ordered dictionary of numbers", new Object[] {"ccollections\nOrderedDict\n(]K\1atR."});
    pickles.put("a million modules", modules());
    pickles.forEach(
        (name, pickle) -> {
          files.add(Arguments.of("zip, " + name, zip(pickle)));
          if (!name.contains("million")) {
            files.add(Arguments.of("legacy, " + name, legacy(bytes(pickle), bytes("]."))));
          }
        });
  }

  /** Each in the one before. */
  private static Object[] modules() {
    String module = "capp\nNet\n)R}X\10\0\0\0_modules}X\1\0\0\0a";
    return new Object[] {repeated(module, 50_000), "N", repeated("ssb", 50_000), "."};
  }

  private static void addViews(List<Arguments> files) {
    byte[] four = new byte[16];
    Map<String, byte[]> views = new LinkedHashMap<>();
    views.put("no storage", zipWithStorage("7", 4, four, view(0, new int[] {4}, new int[] {1})));
    views.put(
        "a storage elsewhere",
        zipWithStorage("../../etc/passwd", 4, four, view(0, new int[] {4}, new int[] {1})));
    views.put(
        "a storage that is shorter",
        zipWithStorage("0", 5, four, view(0, new int[] {5}, new int[] {1})));
    views.put("one too many", zipWithStorage("0", 4, four, view(0, new int[] {5}, new int[] {1})));
    views.put("an offset", zipWithStorage("0", 4, four, view(1, new int[] {4}, new int[] {1})));
    views.put("before it", zipWithStorage("0", 4, four, view(-1, new int[] {4}, new int[] {1})));
    views.put("a stride", zipWithStorage("0", 4, four, view(0, new int[] {4}, new int[] {2})));
    views.put("backwards", zipWithStorage("0", 4, four, view(3, new int[] {4}, new int[] {-1})));
    views.put(
        "2^31 copies of one number",
        zipWithStorage("0", 4, four, view(0, new int[] {0x7fffffff}, new int[] {0})));
    views.put(
        "a hundred million copies of one number",
        zipWithStorage("0", 4, four, view(0, new int[] {100_000_000}, new int[] {0})));
    int[] huge = {0x7fffffff, 0x7fffffff, 0x7fffffff};
    views.put("2^93 numbers", zipWithStorage("0", 4, four, view(0, huge, new int[3])));
    views.put("a stride too many", zipWithStorage("0", 4, four, view(0, new int[1], new int[2])));
    views.put("-4 numbers", zipWithStorage("0", -4, four, view(0, new int[] {4}, new int[] {1})));
    views.forEach((name, file) -> files.add(Arguments.of("a view of " + name, file)));
  }

  private static void addContainers(List<Arguments> files) {
    byte[] sound = bytes(state("0", 4, view(0, new int[] {4}, new int[] {1})));
    byte[] bomb = new byte[50_000_000];
    var compressed = new LinkedHashMap<String, byte[]>();
    compressed.put("archive/data.pkl", sound);
    compressed.put("archive/data/0", bomb);
    files.add(Arguments.of("a compressed zip", zip(compressed, ZipEntry.DEFLATED)));
    var two = new LinkedHashMap<String, byte[]>();
    two.put("a/data.pkl", sound);
    two.put("b/data.pkl", sound);
    files.add(Arguments.of("a zip of two models", zip(two, ZipEntry.STORED)));
    files.add(Arguments.of("a zip of none", zip(Map.of("a/b", sound), ZipEntry.STORED)));
    files.add(Arguments.of("an empty zip", zip(Map.of(), ZipEntry.STORED)));
    var big = new LinkedHashMap<String, byte[]>();
    big.put("archive/data.pkl", sound);
    big.put("archive/byteorder", bytes("big"));
    big.put("archive/data/0", new byte[16]);
    files.add(Arguments.of("a big-endian zip", zip(big, ZipEntry.STORED)));
    files.add(
        Arguments.of(
            "legacy, a storage of 2^60",
            legacy(sound, "](X", littleEndian(1), "0e.", littleEndian(1L << 60))));
    files.add(
        Arguments.of(
            "legacy, a storage of -1",
            legacy(sound, "](X", littleEndian(1), "0e.", littleEndian(-1L))));
    files.add(
        Arguments.of(
            "legacy, an unknown storage",
            legacy(sound, "](X", littleEndian(1), "9e.", littleEndian(4L))));
    files.add(Arguments.of("legacy, no storages", legacy(sound, "].")));
    files.add(Arguments.of("legacy, no list", legacy(sound, "N.")));
  }
}
