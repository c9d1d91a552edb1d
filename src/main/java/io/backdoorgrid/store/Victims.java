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

/** The {@code victims/} folder. */
record Victims(Disk disk) {
  static final String FOLDER = "victims";

  boolean commit(String id, Map<String, byte[]> files, Map<String, Object> description) {
    Ids.require(id, "a victim");
    return new Commit(disk, "a victim")
        .commit(disk.path(FOLDER, id), new VictimObject(disk, id, files, description));
  }

  Optional<StoredVictim> find(String id) {
    Path folder = disk.path(FOLDER, Ids.require(id, "a victim"));
    try {
      VictimFile file = VictimFile.decode(id, disk.read(new Path(folder, VictimFile.NAME)));
      Map<String, Long> sizes = new HashMap<>();
      disk.list(folder).forEach(part -> sizes.put(part.getPath().getName(), part.getLen()));
      boolean complete =
          file.files().stream()
              .allMatch(part -> sizes.getOrDefault(part.name(), -1L) == part.bytes());
      return complete ? Optional.of(new StoredVictim(disk, folder, file)) : Optional.empty();
    } catch (FileNotFoundException | DamagedException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw Reason.exception("read", folder, e);
    }
  }

  /** The ids of all victims that {@link #find} would give. */
  Set<String> ids() {
    List<String> folders;
    try {
      folders =
          disk.list(disk.folder(FOLDER)).stream()
              .map(status -> status.getPath().getName())
              .filter(Ids::isId)
              .toList();
    } catch (IOException e) {
      throw Reason.exception("list", disk.folder(FOLDER), e);
    }
    Set<String> ids = new TreeSet<>();
    Reader.map(folders, this::find).forEach(found -> found.ifPresent(v -> ids.add(v.id())));
    return ids;
  }
}
