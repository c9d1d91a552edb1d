package io.backdoorgrid.grid;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A file that is too large to be part of a plan, such as a network: where it lies, and the digest
 * of what it held when the grid was read. Every machine that computes must find it in the same
 * place.
 */
public final class FileAddress extends NamedFile {
  private static final long serialVersionUID = 1L;

  /** No file. */
  public static final FileAddress NONE = new FileAddress("none", "", DigestUtils.sha256Hex(""));

  private final String path;

  private FileAddress(String name, String path, String sha256) {
    super(name, sha256);
    this.path = path;
  }

  /**
   * Takes the digest of a file.
   *
   * @throws IllegalArgumentException if there is none, or it cannot be read
   */
  public static FileAddress of(Path file) {
    requireThere(file);
    Path absolute = file.toAbsolutePath().normalize();
    try (InputStream in = Files.newInputStream(absolute)) {
      return new FileAddress(
          String.valueOf(absolute.getFileName()), absolute.toString(), DigestUtils.sha256Hex(in));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  @Override
  public boolean isNone() {
    return path.isEmpty();
  }

  /** Absolute. */
  public Path path() {
    return Path.of(path);
  }
}
