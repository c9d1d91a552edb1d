package io.backdoorgrid.store.disk;

import java.io.IOException;
import org.apache.hadoop.fs.Path;

/**
 * The steps that change a file system; all but {@link #place} and {@link #overwrite} go to names
 * that nobody else uses.
 */
interface Writer {

  /** Creates a folder and those above it, where they are not there yet. */
  void makeFolder(Path folder) throws IOException;

  /** Writes a new file and brings it to stable storage, as far as the file system can. */
  void write(Path path, byte[] bytes) throws IOException;

  /** Writes or replaces a file that nobody relies on; readers may see half of it. */
  void overwrite(Path path, byte[] bytes) throws IOException;

  /**
   * Gives the file or folder {@code from} the name {@code to} in one atomic step, unless that name
   * is taken.
   *
   * @return false if {@code from} did not get the name, or so the file system says
   * @throws IOException if the outcome may be either
   */
  boolean place(Path from, Path to) throws IOException;

  /** Renames to a name that nobody else uses, whatever {@code from} holds at that moment. */
  void move(Path from, Path to) throws IOException;
}
