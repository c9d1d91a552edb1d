package io.backdoorgrid.model.io;

import io.backdoorgrid.grid.Names;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A file that is no model, is damaged, or asks for more than a model needs; one line says which.
 */
public final class ModelFileException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Files may have names of megabytes. */
  private static final int MOST_CHARACTERS = 180;

  /**
   * @param message in which texts of the file may stand: it is put on one line, and cut
   */
  public ModelFileException(String message) {
    this(
        List.of(
            message.length() > MOST_CHARACTERS
                ? message.substring(0, MOST_CHARACTERS) + "..."
                : message));
  }

  /**
   * @param lines of a table
   */
  ModelFileException(List<String> lines) {
    super(lines.stream().map(Names::harmless).collect(Collectors.joining("\n")));
  }

  /** The same, said of that file. */
  public ModelFileException in(Path file) {
    return new ModelFileException((file + ": " + getMessage()).lines().toList());
  }

  static void require(boolean condition, String message, Object... values) {
    if (!condition) {
      throw new ModelFileException(message.formatted(values));
    }
  }
}
