package io.backdoorgrid.store.disk;

import java.io.IOException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.CreateFileOptionKeys;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * Writes by way of {@link FileSystem}.
 *
 * <p>HDFS renames in one step and refuses to rename over a file, so there the first attempt wins.
 *
 * <p>An object store has no rename, only copies of one object after the other. Where it can create
 * an object only if there is none, as S3 does, each file is created so under its final name: again
 * the first attempt wins, and of a folder that a killed one left incomplete, or two made at once,
 * the digests tell. Where it cannot, two attempts of the same instant may both pass the check; each
 * writes its whole file in one request, so what remains is one of the two, complete.
 *
 * @param createsIfAbsent whether {@code fs} can create an object only if there is none
 */
record HadoopWriter(FileSystem fs, boolean createsIfAbsent) implements Writer {

  static HadoopWriter of(FileSystem fs, Path root) throws IOException {
    return new HadoopWriter(
        fs,
        fs.hasPathCapability(root, CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE));
  }

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
    return createsIfAbsent ? create(from, to) : rename(from, to);
  }

  private boolean create(Path from, Path to) throws IOException {
    boolean folder = fs.getFileStatus(from).isDirectory();
    for (FileStatus file : fs.listStatus(from)) {
      if (!createFile(file.getPath(), folder ? new Path(to, file.getPath().getName()) : to)) {
        return false;
      }
    }
    fs.delete(from, true);
    return true;
  }

  private boolean createFile(Path from, Path to) throws IOException {
    byte[] bytes;
    try (FSDataInputStream in = fs.open(from)) {
      bytes = in.readAllBytes();
    }
    var request = fs.createFile(to);
    request.must(CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE, true);
    try (FSDataOutputStream out = request.build()) {
      out.write(bytes);
    } catch (IOException e) {
      if (fs.exists(to)) {
        return false;
      }
      throw e;
    }
    return true;
  }

  private boolean rename(Path from, Path to) throws IOException {
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
