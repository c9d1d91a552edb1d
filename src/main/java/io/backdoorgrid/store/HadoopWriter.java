package io.backdoorgrid.store;

import java.io.IOException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * Writes by way of {@link FileSystem}.
 *
 * <p>HDFS refuses to rename over a file, so there the first attempt wins. An object store may let
 * two attempts of the same instant both pass the check; each writes its whole file in one request,
 * so what remains is one of the two, complete. There a folder is renamed file by file: one that two
 * attempts commit in the same instant may remain incomplete, and then counts as absent.
 */
record HadoopWriter(FileSystem fs) implements Writer {

  @Override
  public void makeFolder(Path folder) throws IOException {
    if (!fs.mkdirs(folder)) {
      throw new IOException("the folder could not be created");
    }
  }

  @Override
  public void write(Path path, byte[] bytes) throws IOException {
    try (FSDataOutputStream out = fs.create(path, false)) {
      out.write(bytes);
      if (out.hasCapability(StreamCapabilities.HSYNC)) {
        out.hsync();
      }
    } catch (FSError e) {
      // Hadoop's local streams throw their I/O errors as java.lang.Error.
      throw new IOException(e.getCause());
    }
  }

  @Override
  public void overwrite(Path path, byte[] bytes) throws IOException {
    try (FSDataOutputStream out = fs.create(path, true)) {
      out.write(bytes);
    } catch (FSError e) {
      throw new IOException(e.getCause());
    }
  }

  @Override
  public boolean place(Path from, Path to) throws IOException {
    if (fs.exists(to)) {
      return false;
    }
    if (!fs.rename(from, to)) {
      return false;
    }
    // Where the final folder appeared since the check, rename has moved ours INTO it.
    Path inside = new Path(to, from.getName());
    if (fs.getFileStatus(to).isDirectory() && fs.exists(inside)) {
      fs.delete(inside, true);
      return false;
    }
    return true;
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    if (!fs.rename(from, to)) {
      throw new IOException("rename to " + Reason.show(to) + " was refused");
    }
  }
}
