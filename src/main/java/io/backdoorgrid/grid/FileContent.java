package io.backdoorgrid.grid;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A small file, such as a trigger image: its bytes, as they were when the grid was read. They are
 * part of the plan, so no other machine needs the file.
 */
public final class FileContent extends NamedFile {
  private static final long serialVersionUID = 2L;

  /** No file; the hyperparameter's documentation says what happens then. */
  public static final FileContent NONE = new FileContent("none", new byte[0]);

  /** Enough for a picture; a plan holds each file in memory. */
  private static final int MAX_BYTES = 4 << 20;

  private final byte[] bytes;

  /**
   * @param name of the file, without folders
   * @param bytes not to be changed any more
   */
  public FileContent(String name, byte[] bytes) {
    super(name, DigestUtils.sha256Hex(bytes));
    this.bytes = bytes;
  }

  /**
   * Reads a file of at most 4 MiB.
   *
   * @throws IllegalArgumentException if there is none, it is empty, or it cannot be read
   */
  public static FileContent read(Path file) {
    requireThere(file);
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    if (bytes.length == 0) {
      throw new IllegalArgumentException(file + " is empty");
    }
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(file + " is larger than 4 MiB");
    }
    return new FileContent(String.valueOf(file.getFileName()), bytes);
  }

  @Override
  public boolean isNone() {
    return bytes.length == 0;
  }

  /** Not to be changed. */
  public byte[] bytes() {
    return bytes;
  }
}
