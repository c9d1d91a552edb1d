package io.backdoorgrid.grid.yaml;

import io.backdoorgrid.grid.GridException;
import java.nio.file.Path;

/**
 * Where something was written: in a file, or in an option of the command line.
 *
 * @param folder to which a path that was written there is relative: the file's own, or the working
 *     directory for an option
 * @param line from 1; 0 where the source as a whole is meant, or has no lines
 * @param column from 1
 */
public record Place(String source, Path folder, int line, int column) {

  public static Place of(Path file) {
    return new Place(file.toString(), file.resolveSibling(""), 0, 0);
  }

  public static Place ofOption(String option) {
    return new Place(option, Path.of(""), 0, 0);
  }

  Place at(int line, int column) {
    return new Place(source, folder, line, column);
  }

  public GridException error(String message) {
    return new GridException(this + ": " + message);
  }

  @Override
  public String toString() {
    return line == 0 ? source : source + ":" + line + ":" + column;
  }
}
