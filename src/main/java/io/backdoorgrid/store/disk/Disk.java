package io.backdoorgrid.store.disk;

import io.backdoorgrid.store.DamagedException;
import io.backdoorgrid.store.StoreException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Paths;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** A folder on a Hadoop file system: whole files in and out, and names given in one step. */
public final class Disk {
  public static final String SCRATCH = ".tmp";

  /** Of a file whose size nothing else bounds; ours are smaller. */
  private static final int MOST_BYTES = 64 << 20;

  private final FileSystem fs;
  private final Path root;
  private final Writer writer;

  private Disk(FileSystem fs, Path root, Writer writer) {
    this.fs = fs;
    this.root = root;
    this.writer = writer;
  }

  public static Disk at(Path path, Configuration conf) throws IOException {
    // Of a host with an underscore Java knows no user, only the authority as a whole.
    String authority = path.toUri().getAuthority();
    if (authority != null && authority.contains("@") && authority.split("@")[0].contains(":")) {
      throw new StoreException(
          "%s holds a password, which others may see here; put it into Hadoop's configuration"
              .formatted(Reason.show(path)),
          false);
    }
    FileSystem fs = path.getFileSystem(conf);
    if (fs instanceof LocalFileSystem local) {
      // Without .crc side files; our own digests replace them. Switching them off on the shared
      // instance would do so for the whole process.
      FileSystem raw = local.getRawFileSystem();
      return new Disk(raw, raw.makeQualified(path), new LocalWriter());
    }
    Path root = fs.makeQualified(path);
    return new Disk(fs, root, HadoopWriter.of(fs, root));
  }

  public Path root() {
    return root;
  }

  public Path folder(String name) {
    return new Path(root, name);
  }

  public Path path(String folder, String name) {
    return new Path(folder(folder), name);
  }

  /** A name for something not yet committed, or no longer; nobody else will use it. */
  public Path scratch(String name) {
    return path(SCRATCH, name + "-" + UUID.randomUUID());
  }

  public List<FileStatus> scratch() throws IOException {
    return list(folder(SCRATCH));
  }

  public void createFolders(String... folders) throws IOException {
    makeFolder(root);
    makeFolder(folder(SCRATCH));
    for (String folder : folders) {
      makeFolder(folder(folder));
    }
  }

  public void makeFolder(Path folder) throws IOException {
    writer.makeFolder(folder);
  }

  public boolean isFile(Path path) throws IOException {
    try {
      return fs.getFileStatus(path).isFile();
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  public boolean exists(Path path) throws IOException {
    return fs.exists(path) || isOverlooked(path);
  }

  /**
   * Java's older file API, by which Hadoop looks at local disks, says "not there" of whatever it
   * may not look at, too.
   *
   * @throws IOException unless the file is there, or certainly not
   */
  private boolean isOverlooked(Path path) throws IOException {
    if (!(writer instanceof LocalWriter)) {
      return false;
    }
    try {
      Files.readAttributes(Paths.get(path.toUri()), BasicFileAttributes.class);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** When a file was written, by the file system's own clock. */
  public long modified(Path path) throws IOException {
    return fs.getFileStatus(path).getModificationTime();
  }

  /** The current time of that clock, which need not agree with ours. */
  public long now() throws IOException {
    Path probe = scratch("clock");
    try {
      write(probe, new byte[] {'\n'});
      return modified(probe);
    } finally {
      discard(probe);
    }
  }

  /** One listing of a folder; empty if the folder is not there. */
  public List<FileStatus> list(Path folder) throws IOException {
    List<FileStatus> found = new ArrayList<>();
    try {
      // Page by page where a folder may have more entries than one answer holds.
      for (var entries = fs.listStatusIterator(folder); entries.hasNext(); ) {
        found.add(entries.next());
      }
    } catch (FileNotFoundException e) {
      if (isOverlooked(folder)) {
        throw e;
      }
      return List.of();
    }
    return found;
  }

  /** The bytes of a file of at most 64 MiB. */
  public byte[] read(Path path) throws IOException {
    return read(path, MOST_BYTES);
  }

  /**
   * The bytes of a file.
   *
   * @param most bytes it may have; a foreign store must not fill our memory
   * @throws FileNotFoundException only if it is not there
   * @throws DamagedException if it is longer
   */
  public byte[] read(Path path, int most) throws IOException {
    try {
      return readNow(path, most);
    } catch (FileNotFoundException e) {
      if (!fs.exists(path)) {
        throw e;
      }
    }
    try {
      // It appeared a moment ago.
      return readNow(path, most);
    } catch (FileNotFoundException e) {
      // Java says "not found" of a file that may not be read, too.
      throw fs.exists(path) ? new IOException(e.getMessage(), e) : e;
    }
  }

  private byte[] readNow(Path path, int most) throws IOException {
    try (FSDataInputStream in = fs.open(path)) {
      byte[] bytes = in.readNBytes(most);
      if (bytes.length == most && in.read() >= 0) {
        throw new DamagedException("has more than %,d bytes".formatted(most));
      }
      return bytes;
    } catch (FSError e) {
      // Hadoop's local streams throw their I/O errors as java.lang.Error.
      throw new IOException(e.getCause());
    }
  }

  public void write(Path path, byte[] bytes) throws IOException {
    writer.write(path, bytes);
  }

  /** Replaces a file that nobody relies on. */
  public void overwrite(Path path, byte[] bytes) throws IOException {
    writer.overwrite(path, bytes);
  }

  public boolean place(Path from, Path to) throws IOException {
    return writer.place(from, to);
  }

  public void move(Path from, Path to) throws IOException {
    writer.move(from, to);
  }

  public void delete(Path path) throws IOException {
    fs.delete(path, false);
  }

  /** The bytes of a file, or of all files in a folder. */
  public long bytes(Path path) throws IOException {
    return fs.getContentSummary(path).getLength();
  }

  /** Removes something of our own under {@code .tmp}; failing to is harmless. */
  public void discard(Path scratch) {
    try {
      fs.delete(scratch, true);
    } catch (IOException | FSError e) {
      // It stays an orphan, which Store.leftovers() lists.
    }
  }
}
