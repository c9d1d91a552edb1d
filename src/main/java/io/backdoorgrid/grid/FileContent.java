package io.backdoorgrid.grid;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The value of a hyperparameter that names a file, such as a trigger image: the file's bytes, as
 * they were when the grid was read. They are part of the plan, so no other machine needs the file.
 *
 * <p>The content identifies it: the same file under another name gives the same victim, and a
 * changed file another one.
 */
public final class FileContent implements Serializable {
  private static final long serialVersionUID = 1L;

  /** No file; the hyperparameter's documentation says what happens then. */
  public static final FileContent NONE = new FileContent("none", new byte[0]);

  /** Enough for a picture; a plan holds each file in memory. */
  private static final int MAX_BYTES = 4 << 20;

  private static final int SHOWN_DIGITS = 12;

  private final String name;
  private final byte[] bytes;
  private final String sha256;

  /**
   * @param name of the file, without folders
   * @param bytes not to be changed any more
   */
  public FileContent(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
    this.sha256 = DigestUtils.sha256Hex(bytes);
  }

  /**
   * Reads a file of at most 4 MiB.
   *
   * @throws IllegalArgumentException if there is none, it is empty, or it cannot be read
   */
  public static FileContent read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("no such file: " + file.toAbsolutePath().normalize());
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          file + " cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
    if (bytes.length == 0) {
      throw new IllegalArgumentException(file + " is empty");
    }
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(file + " is larger than 4 MiB");
    }
    return new FileContent(String.valueOf(file.getFileName()), bytes);
  }

  public boolean isNone() {
    return bytes.length == 0;
  }

  public String name() {
    return name;
  }

  /** Not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** Of the bytes, as 64 hexadecimal digits. */
  public String sha256() {
    return sha256;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FileContent file && sha256.equals(file.sha256);
  }

  @Override
  public int hashCode() {
    return sha256.hashCode();
  }

  /** Such as {@code cat.png@3f9a12cd5b6e}: the name, and the first digits of the digest. */
  @Override
  public String toString() {
    return isNone() ? name : name + "@" + sha256.substring(0, SHOWN_DIGITS);
  }
}
