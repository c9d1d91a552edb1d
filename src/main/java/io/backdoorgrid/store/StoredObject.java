package io.backdoorgrid.store;

import io.backdoorgrid.store.Manifest.Part;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.Path;

/** A committed object; its payload is read, and checked, on demand. */
public final class StoredObject {
  private final Disk disk;
  private final Path folder;
  private final Manifest file;

  StoredObject(Disk disk, Path folder, Manifest file) {
    this.disk = disk;
    this.folder = folder;
    this.file = file;
  }

  public String id() {
    return file.id();
  }

  /** What was committed with it, as JSON has it: maps, lists, texts, numbers. */
  public Map<String, Object> description() {
    return Collections.unmodifiableMap(file.description());
  }

  /** The names of the payload files. */
  public Set<String> files() {
    Set<String> names = new LinkedHashSet<>();
    file.files().forEach(part -> names.add(part.name()));
    return Collections.unmodifiableSet(names);
  }

  /**
   * The content of a payload file.
   *
   * @throws DamagedException if it is not what was committed; committing it again mends it
   * @throws IllegalArgumentException if the object has no such file
   */
  public byte[] read(String name) {
    for (Part part : file.files()) {
      if (part.name().equals(name)) {
        return read(part);
      }
    }
    throw new IllegalArgumentException(
        "%s %s has no file %s, only %s".formatted(file.kind().word(), id(), name, files()));
  }

  /**
   * Reads every payload file.
   *
   * @throws DamagedException if one of them is not what was committed
   */
  public void verify() {
    file.files().forEach(this::read);
  }

  private byte[] read(Part part) {
    Path path = new Path(folder, part.name());
    byte[] bytes;
    try {
      bytes = disk.read(path);
    } catch (FileNotFoundException e) {
      throw new DamagedException(Reason.show(path) + ": is gone");
    } catch (IOException e) {
      throw Reason.exception("read", path, e);
    }
    if (bytes.length != part.bytes()) {
      throw new DamagedException(
          "%s: has %d bytes where %d were committed"
              .formatted(Reason.show(path), bytes.length, part.bytes()));
    }
    if (!Digest.sha256(bytes).equals(part.sha256())) {
      throw new DamagedException(Reason.show(path) + ": does not match its digest");
    }
    return bytes;
  }
}
