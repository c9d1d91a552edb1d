package io.backdoorgrid.store;

import io.backdoorgrid.store.row.Row;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PositionedReadable;
import org.apache.hadoop.fs.Seekable;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Files in this process's memory, {@code memory:/...}: a disk takes minutes to create and delete a
 * hundred thousand.
 */
public final class MemoryFileSystem extends FileSystem {

  /** The setting that makes Hadoop find it. */
  public static final String SETTING = "fs.memory.impl";

  private static final URI ROOT = URI.create("memory:///");
  private static final byte[] FOLDER = new byte[0];
  private static final ConcurrentSkipListMap<String, byte[]> FILES = new ConcurrentSkipListMap<>();

  private Path working = new Path("/");

  /** Writes a row without a commit's care. */
  public static void write(String store, Row row) {
    FILES.put(key(new Path(store, "rows/" + row.id() + ".csv")), row.encode());
  }

  /** Forgets all. */
  public static void clear() {
    FILES.clear();
  }

  private static String key(Path path) {
    return path.toUri().getPath();
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public void initialize(URI uri, Configuration conf) throws IOException {
    super.initialize(uri, conf);
    setConf(conf);
  }

  @Override
  public FSDataInputStream open(Path path, int buffer) throws IOException {
    if (getFileStatus(path).isDirectory()) {
      throw new IOException(path + " is a folder");
    }
    return new FSDataInputStream(new Content(FILES.get(key(path))));
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int buffer,
      short replication,
      long block,
      Progressable progress)
      throws IOException {
    if (!overwrite && FILES.containsKey(key(path))) {
      throw new FileAlreadyExistsException(path.toString());
    }
    mkdirs(path.getParent(), permission);
    return new FSDataOutputStream(
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            FILES.put(key(path), toByteArray());
          }
        },
        statistics);
  }

  @Override
  public FSDataOutputStream append(Path path, int buffer, Progressable progress)
      throws IOException {
    throw new IOException("files in memory do not grow");
  }

  @Override
  public synchronized boolean rename(Path from, Path to) throws IOException {
    String source = key(from);
    if (!FILES.containsKey(source) || FILES.containsKey(key(to))) {
      return false;
    }
    for (String file : below(source)) {
      FILES.put(key(to) + file.substring(source.length()), FILES.remove(file));
    }
    FILES.put(key(to), FILES.remove(source));
    return true;
  }

  @Override
  public synchronized boolean delete(Path path, boolean recursive) throws IOException {
    below(key(path)).forEach(FILES::remove);
    return FILES.remove(key(path)) != null;
  }

  private static List<String> below(String folder) {
    String prefix = folder.endsWith("/") ? folder : folder + "/";
    return new ArrayList<>(FILES.subMap(prefix, prefix + Character.MAX_VALUE).keySet());
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    FileStatus status = getFileStatus(path);
    if (status.isFile()) {
      return new FileStatus[] {status};
    }
    int length = key(path).length() + 1;
    return below(key(path)).stream()
        .filter(file -> file.indexOf('/', length) < 0)
        .map(file -> status(file, FILES.get(file)))
        .toArray(FileStatus[]::new);
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) {
    for (Path folder = path; folder != null; folder = folder.getParent()) {
      FILES.putIfAbsent(key(folder), FOLDER);
    }
    return true;
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    byte[] content = FILES.get(key(path));
    if (content == null) {
      throw new FileNotFoundException(path.toString());
    }
    return status(key(path), content);
  }

  private static FileStatus status(String file, byte[] content) {
    return new FileStatus(
        content.length,
        content == FOLDER,
        1,
        1,
        System.currentTimeMillis(),
        new Path(ROOT.getScheme(), "", file));
  }

  @Override
  public void setWorkingDirectory(Path path) {
    working = path;
  }

  @Override
  public Path getWorkingDirectory() {
    return working;
  }

  /** What is read of a file. */
  private static final class Content extends ByteArrayInputStream
      implements Seekable, PositionedReadable {

    Content(byte[] bytes) {
      super(bytes);
    }

    @Override
    public void seek(long position) {
      pos = (int) position;
    }

    @Override
    public long getPos() {
      return pos;
    }

    @Override
    public boolean seekToNewSource(long position) {
      return false;
    }

    @Override
    public int read(long position, byte[] target, int offset, int length) {
      int available = Math.min(length, count - (int) position);
      if (available > 0) {
        System.arraycopy(buf, (int) position, target, offset, available);
      }
      return Math.max(available, -1);
    }

    @Override
    public void readFully(long position, byte[] target, int offset, int length) {
      read(position, target, offset, length);
    }

    @Override
    public void readFully(long position, byte[] target) {
      read(position, target, 0, target.length);
    }
  }
}
