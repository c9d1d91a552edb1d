package io.backdoorgrid.grid.yaml;

import io.backdoorgrid.grid.Names;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A grid or profile on disk. */
public final class YamlFile {
  private static final int MAX_BYTES = 1 << 20;

  private YamlFile() {}

  /** The document in {@code file}; {@code what} names it if it is missing. */
  public static Node.Mapping read(Path file, String what) {
    Place whole = Place.of(file);
    if (!Files.exists(file)) {
      throw whole.error("no such " + what + Names.hint(stem(file), siblings(file), "known"));
    }
    if (Files.isDirectory(file)) {
      throw whole.error("is a directory, not a " + what + " file");
    }
    Node root = Yaml.ofFile(whole, text(file, whole));
    if (root instanceof Node.Mapping mapping) {
      return mapping;
    }
    throw root.error("a " + what + " file must hold a map of settings, got " + root.shown());
  }

  /** The file's name without its ending. */
  public static String stem(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  private static String text(Path file, Place whole) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      // Reading, not asking for the size: a device or a pipe has none.
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      throw whole.error("cannot be read (" + e.getClass().getSimpleName() + ")");
    }
    if (bytes.length > MAX_BYTES) {
      throw whole.error("larger than 1 MiB");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw whole.error("is not UTF-8 text");
    }
  }

  private static List<String> siblings(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(entry -> entry.toString().endsWith(".yaml"))
          .map(YamlFile::stem)
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
