package io.backdoorgrid.store;

import io.backdoorgrid.store.Manifest.Part;
import io.backdoorgrid.store.disk.Disk;
import io.backdoorgrid.store.disk.Reason;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.fs.Path;

/** A committed object, such as a victim; its payload is read, and checked, on demand. */
public final class StoredObject {
  private final Disk disk;
  private final Path folder;
  private final Manifest manifest;

  StoredObject(Disk disk, Path folder, Manifest manifest) {
    this.disk = disk;
    this.folder = folder;
    this.manifest = manifest;
  }

  public String id() {
    return manifest.id();
  }

  /** Its kind and id, such as {@code victim 00112233aabbccdd}. */
  public String name() {
    return manifest.kind() + " " + id();
  }

  /** What was committed with it, as JSON has it: maps, lists, texts, numbers. */
  public Map<String, Object> description() {
    return Collections.unmodifiableMap(manifest.description());
  }

  /** The names of the payload files. */
  public Set<String> files() {
    Set<String> names = new LinkedHashSet<>();
    manifest.files().forEach(part -> names.add(part.name()));
    return Collections.unmodifiableSet(names);
  }

  /**
   * The content of a payload file.
   *
   * @throws DamagedException if it is not what was committed; committing the object again mends it
   * @throws IllegalArgumentException if the object has no such file
   */
  public byte[] read(String name) {
    for (Part part : manifest.files()) {
      if (part.name().equals(name)) {
        return read(part);
      }
    }
    throw new IllegalArgumentException(
        "%s %s has no file %s, only %s".formatted(manifest.kind(), id(), name, files()));
  }

  /**
   * Reads every payload file.
   *
   * @throws DamagedException if one of them is not what was committed
   */
  public void verify() {
    manifest.files().forEach(this::read);
  }

  private byte[] read(Part part) {
    Path path = new Path(folder, part.name());
    byte[] bytes;
    try {
      bytes = disk.read(path, part.bytes());
    } catch (FileNotFoundException e) {
      throw new DamagedException(Reason.show(path) + ": is gone");
    } catch (DamagedException e) {
      throw new DamagedException(
          "%s: has more bytes than the %d that were committed"
              .formatted(Reason.show(path), part.bytes()));
    } catch (IOException e) {
      throw Reason.exception("read", path, e);
    }
    if (bytes.length != part.bytes()) {
      throw new DamagedException(
          "%s: has %d bytes where %d were committed"
              .formatted(Reason.show(path), bytes.length, part.bytes()));
    }
    if (!DigestUtils.sha256Hex(bytes).equals(part.sha256())) {
      throw new DamagedException(Reason.show(path) + ": does not match its digest");
    }
    return bytes;
  }
}
