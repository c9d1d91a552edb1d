package io.backdoorgrid.store;

import io.backdoorgrid.store.disk.Disk;
import io.backdoorgrid.store.disk.Reason;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A folder for files derived from results, on any Hadoop file system. They are not results
 * themselves and are replaced when they are made again.
 */
public final class Exports {

  private final Disk disk;

  private Exports(Disk disk) {
    this.disk = disk;
  }

  /**
   * The folder at that path or URI, which is created if need be.
   *
   * @throws StoreException if that is impossible
   */
  public static Exports at(String uri, Configuration conf) {
    try {
      Disk disk = Disk.at(new Path(uri), conf);
      disk.makeFolder(disk.root());
      return new Exports(disk);
    } catch (IllegalArgumentException e) { // no path or URI to Hadoop
      throw new StoreException(
          "cannot write to \"%s\": %s".formatted(uri, e.getMessage()), false, e);
    } catch (IOException e) {
      throw Reason.exception("write to", new Path(uri), e);
    }
  }

  /**
   * Writes a file, in place of one of that name.
   *
   * @return where it is, as its owner would type it
   */
  public String write(String name, byte[] bytes) {
    Path path;
    try {
      path = disk.folder(name);
    } catch (IllegalArgumentException e) { // no name to Hadoop
      throw new StoreException(
          "cannot write %s/%s: %s".formatted(Reason.show(disk.root()), name, e.getMessage()),
          false,
          e);
    }
    try {
      disk.overwrite(path, bytes);
    } catch (IOException e) {
      throw Reason.exception("write", path, e);
    }
    return Reason.show(path);
  }
}
