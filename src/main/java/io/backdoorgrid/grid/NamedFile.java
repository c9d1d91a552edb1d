package io.backdoorgrid.grid;

import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The value of a hyperparameter that names a file.
 *
 * <p>The content identifies it: the same file under another name gives the same victim, and a
 * changed file another one.
 */
public abstract sealed class NamedFile implements Serializable permits FileContent, FileAddress {
  private static final long serialVersionUID = 1L;

  private static final int SHOWN_DIGITS = 12;

  private final String name;
  private final String sha256;

  NamedFile(String name, String sha256) {
    this.name = name;
    this.sha256 = sha256;
  }

  /** Whether no file is named. */
  public abstract boolean isNone();

  /** Of the file, without folders. */
  public final String name() {
    return name;
  }

  /** Of the bytes, as 64 hexadecimal digits. */
  public final String sha256() {
    return sha256;
  }

  static void requireThere(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("no such file: " + file.toAbsolutePath().normalize());
    }
  }

  static IllegalArgumentException unreadable(Path file, Exception reason) {
    return new IllegalArgumentException(
        file + " cannot be read (" + reason.getClass().getSimpleName() + ")", reason);
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof NamedFile file && sha256.equals(file.sha256);
  }

  @Override
  public final int hashCode() {
    return sha256.hashCode();
  }

  /** Such as {@code cat.png@3f9a12cd5b6e}: the name, and the first digits of the digest. */
  @Override
  public final String toString() {
    return isNone() ? name : name + "@" + sha256.substring(0, SHOWN_DIGITS);
  }
}
