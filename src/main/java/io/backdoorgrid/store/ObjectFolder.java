package io.backdoorgrid.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.Path;

/** The folder of all objects of a kind. */
record ObjectFolder(Disk disk, ObjectKind kind) {

  boolean commit(String id, Map<String, byte[]> files, Map<String, Object> description) {
    return new Commit(disk, kind.withArticle())
        .commit(path(id), new ObjectDirectory(disk, kind, id, files, description));
  }

  Optional<StoredObject> find(String id) {
    Path folder = path(id);
    try {
      Manifest file = Manifest.decode(kind, id, disk.read(new Path(folder, kind.manifest())));
      Map<String, Long> sizes = new HashMap<>();
      disk.list(folder).forEach(part -> sizes.put(part.getPath().getName(), part.getLen()));
      boolean complete =
          file.files().stream()
              .allMatch(part -> sizes.getOrDefault(part.name(), -1L) == part.bytes());
      return complete ? Optional.of(new StoredObject(disk, folder, file)) : Optional.empty();
    } catch (FileNotFoundException | DamagedException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw Reason.exception("read", folder, e);
    }
  }

  private Path path(String id) {
    return disk.path(kind.folder(), Ids.require(id, kind.withArticle()));
  }

  /** The ids of all objects that {@link #find} would give. */
  Set<String> ids() {
    List<String> folders;
    try {
      folders =
          disk.list(disk.folder(kind.folder())).stream()
              .map(status -> status.getPath().getName())
              .filter(Ids::isId)
              .toList();
    } catch (IOException e) {
      throw Reason.exception("list", disk.folder(kind.folder()), e);
    }
    Set<String> ids = new TreeSet<>();
    Reader.map(folders, this::find).forEach(found -> found.ifPresent(v -> ids.add(v.id())));
    return ids;
  }
}
