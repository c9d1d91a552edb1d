package io.backdoorgrid.store;

import io.backdoorgrid.store.disk.Committable;
import io.backdoorgrid.store.disk.Disk;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/** A committed object that is a directory: payload files, and a manifest written last. */
record DirectoryObject(
    Disk disk,
    ObjectKind kind,
    String id,
    Map<String, byte[]> files,
    Map<String, Object> description)
    implements Committable {
  DirectoryObject {
    for (String name : files.keySet()) {
      if (!Manifest.Part.isName(name) || name.equals(kind.manifest())) {
        throw new IllegalArgumentException(
            "%s %s: a file must be named in lower-case letters, digits and ._- and not \"%s\", got \"%s\""
                .formatted(kind, id, kind.manifest(), name));
      }
    }
  }

  @Override
  public void write(Path scratch) throws IOException {
    byte[] json = Manifest.of(kind, id, files, description).encode();
    disk.makeFolder(scratch);
    for (var file : files.entrySet()) {
      disk.write(new Path(scratch, file.getKey()), file.getValue());
    }
    disk.write(new Path(scratch, kind.manifest()), json);
  }

  /** Reads all of it: this is called only before a commit, when no usable object was found. */
  @Override
  public State inspect(Path path) throws IOException {
    // Checked first: a folder that appears later must not be taken for an empty one.
    if (!disk.exists(path)) {
      return State.ABSENT;
    }
    try {
      new StoredObject(
              disk, path, Manifest.decode(kind, id, disk.read(new Path(path, kind.manifest()))))
          .verify();
      return State.VALID;
    } catch (FileNotFoundException e) {
      return disk.exists(path) ? State.DAMAGED : State.ABSENT;
    } catch (DamagedException e) {
      return State.DAMAGED;
    }
  }
}
