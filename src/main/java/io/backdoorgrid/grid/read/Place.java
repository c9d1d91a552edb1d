package io.backdoorgrid.grid.read;

import io.backdoorgrid.grid.GridException;

/**
 * Where something was written: in a file, or in an option of the command line.
 *
 * @param line from 1; 0 where the source as a whole is meant, or has no lines
 * @param column from 1
 */
record Place(String source, int line, int column) {
  static Place of(String source) {
    return new Place(source, 0, 0);
  }

  GridException error(String message) {
    return new GridException(this + ": " + message);
  }

  @Override
  public String toString() {
    return line == 0 ? source : source + ":" + line + ":" + column;
  }
}
