package io.backdoorgrid.store;

import io.backdoorgrid.store.disk.Commit;
import io.backdoorgrid.store.disk.Disk;
import io.backdoorgrid.store.disk.Reader;
import io.backdoorgrid.store.disk.Reason;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.Path;

/** All objects of a kind, such as the {@code victims/} folder. */
record StoredObjects(Disk disk, ObjectKind kind) {

  boolean commit(String id, Map<String, byte[]> files, Map<String, Object> description) {
    return new Commit(disk, kind.one())
        .commit(path(id), new DirectoryObject(disk, kind, id, files, description));
  }

  Optional<StoredObject> find(String id) {
    Path folder = path(id);
    try {
      Manifest manifest = Manifest.decode(kind, id, disk.read(new Path(folder, kind.manifest())));
      Map<String, Long> sizes = new HashMap<>();
      disk.list(folder).forEach(part -> sizes.put(part.getPath().getName(), part.getLen()));
      boolean complete =
          manifest.files().stream()
              .allMatch(part -> sizes.getOrDefault(part.name(), -1L) == part.bytes());
      return complete ? Optional.of(new StoredObject(disk, folder, manifest)) : Optional.empty();
    } catch (FileNotFoundException | DamagedException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw Reason.exception("read", folder, e);
    }
  }

  void remove(String id) {
    Path aside = disk.scratch("removed-" + id);
    try {
      disk.move(path(id), aside);
      disk.discard(aside);
    } catch (IOException e) {
      // Another process was faster, or it stays where nothing relies on its absence.
    }
  }

  /** The ids of all objects that {@link #find} would give. */
  Set<String> ids() {
    Path all = disk.folder(kind.folder());
    List<String> folders;
    try {
      folders =
          disk.list(all).stream()
              .map(status -> status.getPath().getName())
              .filter(Ids::isId)
              .toList();
    } catch (IOException e) {
      throw Reason.exception("list", all, e);
    }
    Set<String> ids = new TreeSet<>();
    Reader.ofSmallFiles(disk)
        .map(folders, this::find)
        .forEach(found -> found.ifPresent(object -> ids.add(object.id())));
    return ids;
  }

  private Path path(String id) {
    return disk.path(kind.folder(), Ids.require(id, kind.one()));
  }
}
