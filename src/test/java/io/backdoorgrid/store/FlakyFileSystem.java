package io.backdoorgrid.store;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** A local disk under the scheme {@code flaky:} that fails, or dies, as its configuration says. */
public final class FlakyFileSystem extends RawLocalFileSystem {
  static final String SCHEME = "flaky";
  private static final String FAULT = "flaky.fault";
  private static final String DEATH = "flaky.death";
  private static final String ONLY = "flaky.only";

  public enum Fault {
    NONE,
    RENAME_REFUSED,
    RENAME_FAILS,
    RENAME_SUCCEEDS_BUT_FAILS,
    RENAME_SUCCEEDS_BUT_IS_REFUSED,
    NO_SPACE,
    /** The process ends, as if killed, with half a file written. */
    HALT_IN_WRITE,
    HALT_BEFORE_RENAME,
    HALT_AFTER_RENAME
  }

  /** What a process that was killed no longer does: anything, its clean-up included. */
  public static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private Fault fault = Fault.NONE;
  private int stepsToLive = Integer.MAX_VALUE;
  private Pattern only = Pattern.compile(".*");

  public static Configuration configuration(Fault fault) {
    Configuration conf = new Configuration(false);
    conf.setClass("fs.flaky.impl", FlakyFileSystem.class, org.apache.hadoop.fs.FileSystem.class);
    conf.setBoolean("fs.flaky.impl.disable.cache", true);
    conf.setEnum(FAULT, fault);
    return conf;
  }

  /** Options of a run whose file system fails at paths that match {@code only}. */
  public static List<String> options(String fault, String only) {
    return List.of(
        "--conf",
        "spark.hadoop.fs.flaky.impl=" + FlakyFileSystem.class.getName(),
        "--conf",
        "spark.hadoop.fs.flaky.impl.disable.cache=true",
        "--conf",
        "spark.hadoop." + FAULT + "=" + fault,
        "--conf",
        "spark.hadoop." + ONLY + "=" + only);
  }

  /** Dies at the given file system call, and at every later one. */
  public static Configuration dyingAt(int step) {
    Configuration conf = configuration(Fault.NONE);
    conf.setInt(DEATH, step);
    return conf;
  }

  public static String uri(Path folder) {
    return SCHEME + "://" + folder.toAbsolutePath();
  }

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public void initialize(URI uri, Configuration conf) throws IOException {
    super.initialize(uri, conf);
    fault = conf.getEnum(FAULT, Fault.NONE);
    stepsToLive = conf.getInt(DEATH, Integer.MAX_VALUE);
    only = Pattern.compile(conf.get(ONLY, ".*"));
  }

  /** Hadoop's local streams turn I/O errors into an Error, with a constructor of its own. */
  private static FSError asHadoopThrowsIt(IOException cause) {
    try {
      var constructor = FSError.class.getDeclaredConstructor(Throwable.class);
      constructor.setAccessible(true);
      return constructor.newInstance(cause);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private Fault faultAt(org.apache.hadoop.fs.Path path) {
    return only.matcher(path.toUri().getPath()).matches() ? fault : Fault.NONE;
  }

  private static void halt() {
    Runtime.getRuntime().halt(137);
  }

  private void step() {
    if (stepsToLive-- <= 0) {
      stepsToLive = 0;
      throw new Killed();
    }
  }

  @Override
  public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to)
      throws IOException {
    step();
    return switch (faultAt(to)) {
      case RENAME_REFUSED -> false;
      case RENAME_FAILS -> throw new IOException("injected: connection reset");
      case RENAME_SUCCEEDS_BUT_FAILS -> {
        super.rename(from, to);
        throw new IOException("injected: connection reset");
      }
      case RENAME_SUCCEEDS_BUT_IS_REFUSED -> {
        super.rename(from, to);
        yield false;
      }
      case HALT_BEFORE_RENAME -> {
        halt();
        yield false;
      }
      case HALT_AFTER_RENAME -> {
        super.rename(from, to);
        halt();
        yield true;
      }
      case NONE, NO_SPACE, HALT_IN_WRITE -> super.rename(from, to);
    };
  }

  @Override
  public void setPermission(org.apache.hadoop.fs.Path path, FsPermission permission) {
    // It would start a process for every file.
  }

  @Override
  public FSDataOutputStream create(
      org.apache.hadoop.fs.Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    step();
    var file = super.create(path, overwrite, bufferSize, replication, blockSize, progress);
    return new FSDataOutputStream(
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int from, int count) throws IOException {
            file.write(bytes, from, count / 2);
            file.flush();
            step();
            if (faultAt(path) == Fault.HALT_IN_WRITE) {
              halt();
            }
            if (faultAt(path) == Fault.NO_SPACE) {
              throw asHadoopThrowsIt(new IOException("No space left on device"));
            }
            file.write(bytes, from + count / 2, count - count / 2);
          }

          @Override
          public void close() throws IOException {
            file.close();
          }
        },
        null);
  }

  @Override
  public FSDataInputStream open(org.apache.hadoop.fs.Path path, int bufferSize) throws IOException {
    step();
    return super.open(path, bufferSize);
  }

  @Override
  public boolean mkdirs(org.apache.hadoop.fs.Path path) throws IOException {
    step();
    return super.mkdirs(path);
  }

  @Override
  public boolean delete(org.apache.hadoop.fs.Path path, boolean recursive) throws IOException {
    step();
    return super.delete(path, recursive);
  }

  @Override
  public FileStatus getFileStatus(org.apache.hadoop.fs.Path path) throws IOException {
    step();
    return super.getFileStatus(path);
  }
}
