package io.backdoorgrid.store;

import io.backdoorgrid.store.FlakyFileSystem.Killed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.CreateFileOptionKeys;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Buckets of objects in memory, with the rules of S3: an object appears whole when its one PUT
 * ends, over one that is there unless the request says otherwise; listings show what there is;
 * folders are what keys have in common, and are renamed object by object, by copies and deletions.
 */
public final class ObjectStoreFileSystem extends FileSystem {
  private static final String DEATH = "objects.death";
  private static final String CONDITIONAL = "objects.conditional";
  private static final String LOST_RESPONSES = "objects.lost-responses";

  /** Bucket to key to object; a key that ends in a slash marks a folder. */
  private static final Map<String, NavigableMap<String, Stored>> BUCKETS =
      new ConcurrentHashMap<>();

  private record Stored(byte[] bytes, long time) {}

  private URI uri;
  private NavigableMap<String, Stored> objects;
  private boolean conditional;
  private boolean losesResponses;
  private AtomicInteger requestsToLive;

  /**
   * @param conditional whether it can put an object only if there is none
   */
  static Configuration configuration(boolean conditional) {
    Configuration conf = new Configuration(false);
    conf.setClass("fs.objects.impl", ObjectStoreFileSystem.class, FileSystem.class);
    conf.setBoolean("fs.objects.impl.disable.cache", true);
    conf.setBoolean(CONDITIONAL, conditional);
    return conf;
  }

  /** The answer to every conditional request is lost, though it is fulfilled. */
  static Configuration losingResponses() {
    Configuration conf = configuration(true);
    conf.setBoolean(LOST_RESPONSES, true);
    return conf;
  }

  /** Dies at the given request, and at every later one. */
  static Configuration dyingAt(int request, boolean conditional) {
    Configuration conf = configuration(conditional);
    conf.setInt(DEATH, request);
    return conf;
  }

  @Override
  public void initialize(URI name, Configuration conf) throws IOException {
    super.initialize(name, conf);
    uri = URI.create(name.getScheme() + "://" + name.getAuthority());
    objects = BUCKETS.computeIfAbsent(name.getAuthority(), b -> new ConcurrentSkipListMap<>());
    conditional = conf.getBoolean(CONDITIONAL, false);
    losesResponses = conf.getBoolean(LOST_RESPONSES, false);
    requestsToLive = new AtomicInteger(conf.getInt(DEATH, Integer.MAX_VALUE));
  }

  /** The keys of a bucket, without those that mark folders. */
  static List<String> keys(String bucket) {
    return BUCKETS.get(bucket).keySet().stream().filter(key -> !key.endsWith("/")).toList();
  }

  static void remove(String bucket, String key) {
    BUCKETS.get(bucket).remove(key);
  }

  static void put(String bucket, String key, byte[] bytes) {
    BUCKETS.get(bucket).put(key, new Stored(bytes, System.currentTimeMillis()));
  }

  private void request() {
    if (requestsToLive.getAndDecrement() <= 0) {
      requestsToLive.set(0);
      throw new Killed();
    }
  }

  private static String key(Path path) {
    return path.toUri().getPath().substring(1);
  }

  @Override
  public URI getUri() {
    return uri;
  }

  @Override
  public String getScheme() {
    return "objects";
  }

  @Override
  public boolean hasPathCapability(Path path, String capability) {
    return conditional
        && capability.equals(CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE);
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    request();
    Stored stored = objects.get(key(path));
    if (stored == null) {
      throw new FileNotFoundException(path.toString());
    }
    return new FSDataInputStream(new Content(stored.bytes()));
  }

  /** Looks first and writes at the end, as an object store's client does. */
  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    request();
    if (!overwrite && objects.containsKey(key(path))) {
      throw new FileAlreadyExistsException(path.toString());
    }
    return new FSDataOutputStream(new Upload(key(path), false), null);
  }

  @Override
  public FSDataOutputStreamBuilder<?, ?> createFile(Path path) {
    return new Builder(path);
  }

  private final class Builder extends FSDataOutputStreamBuilder<FSDataOutputStream, Builder> {
    private Builder(Path path) {
      super(ObjectStoreFileSystem.this, path);
    }

    @Override
    public Builder getThisBuilder() {
      return this;
    }

    @Override
    public FSDataOutputStream build() throws IOException {
      boolean ifAbsent =
          getOptions()
              .getBoolean(CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE, false);
      return new FSDataOutputStream(new Upload(key(getPath()), ifAbsent), null);
    }
  }

  private final class Upload extends ByteArrayOutputStream {
    private final String key;
    private final boolean ifAbsent;

    private Upload(String key, boolean ifAbsent) {
      this.key = key;
      this.ifAbsent = ifAbsent;
    }

    @Override
    public void close() throws IOException {
      request();
      var stored = new Stored(toByteArray(), System.currentTimeMillis());
      if (!ifAbsent) {
        objects.put(key, stored);
      } else if (objects.putIfAbsent(key, stored) != null) {
        throw new IOException("412 precondition failed: " + key);
      } else if (losesResponses) {
        throw new IOException("timed out: " + key);
      }
    }
  }

  private static final class Content extends FSInputStream {
    private final byte[] bytes;
    private ByteArrayInputStream in;

    private Content(byte[] bytes) {
      this.bytes = bytes;
      in = new ByteArrayInputStream(bytes);
    }

    @Override
    public int read() {
      return in.read();
    }

    @Override
    public int read(byte[] target, int from, int count) {
      return in.read(target, from, count);
    }

    @Override
    public void seek(long position) {
      in = new ByteArrayInputStream(bytes, (int) position, bytes.length);
    }

    @Override
    public long getPos() {
      return (long) bytes.length - in.available();
    }

    @Override
    public boolean seekToNewSource(long position) {
      return false;
    }
  }

  private List<String> keysBelow(String key) {
    String prefix = key.isEmpty() ? "" : key + "/";
    return objects.tailMap(prefix, true).keySet().stream()
        .takeWhile(other -> other.startsWith(prefix))
        .toList();
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    request();
    String source = key(from);
    List<String> keys = objects.containsKey(source) ? List.of(source) : keysBelow(source);
    if (keys.isEmpty()) {
      throw new FileNotFoundException(from.toString());
    }
    for (String key : keys) {
      request();
      Stored stored = objects.get(key);
      if (stored != null) {
        objects.put(key(to) + key.substring(source.length()), stored);
      }
    }
    for (String key : keys) {
      request();
      objects.remove(key);
    }
    return true;
  }

  @Override
  public boolean delete(Path path, boolean recursive) {
    request();
    boolean there = objects.remove(key(path)) != null;
    for (String key : keysBelow(key(path))) {
      request();
      there |= objects.remove(key) != null;
    }
    return there;
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    request();
    FileStatus status = status(path);
    if (status.isFile()) {
      return new FileStatus[] {status};
    }
    String prefix = key(path).isEmpty() ? "" : key(path) + "/";
    Set<String> names = new TreeSet<>();
    for (String key : keysBelow(key(path))) {
      String rest = key.substring(prefix.length());
      if (!rest.isEmpty()) {
        names.add(rest.contains("/") ? rest.substring(0, rest.indexOf('/')) : rest);
      }
    }
    List<FileStatus> found = new ArrayList<>();
    for (String name : names) {
      found.add(status(new Path(path, name)));
    }
    return found.toArray(FileStatus[]::new);
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    request();
    return status(path);
  }

  private FileStatus status(Path path) throws IOException {
    Stored stored = objects.get(key(path));
    if (stored != null) {
      return new FileStatus(stored.bytes().length, false, 1, 1, stored.time(), path);
    }
    if (key(path).isEmpty() || !keysBelow(key(path)).isEmpty()) {
      return new FileStatus(0, true, 1, 1, 0, path);
    }
    throw new FileNotFoundException(path.toString());
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) {
    request();
    objects.putIfAbsent(key(path) + "/", new Stored(new byte[0], System.currentTimeMillis()));
    return true;
  }

  @Override
  public FSDataOutputStream append(Path path, int bufferSize, Progressable progress)
      throws IOException {
    throw new IOException("objects do not grow");
  }

  @Override
  public void setWorkingDirectory(Path path) {}

  @Override
  public Path getWorkingDirectory() {
    return new Path("/");
  }
}
