package io.backdoorgrid.store;

import io.backdoorgrid.store.disk.Disk;
import io.backdoorgrid.store.disk.Reader;
import io.backdoorgrid.store.disk.Reason;
import io.backdoorgrid.store.row.RowFiles;
import io.backdoorgrid.store.row.Rows;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Reads all of a store, and holds everything against its digest. */
final class Verifier {
  private static final String JSON = ".json";

  private final Disk disk;
  private final Map<String, Integer> sound = new LinkedHashMap<>();
  private final List<String> damaged = new ArrayList<>();

  Verifier(Disk disk) {
    this.disk = disk;
  }

  Verification run(List<String> leftovers) {
    Rows rows = new RowFiles(disk).read(trial -> true, column -> false);
    note(RowFiles.FOLDER, rows.byTrial().size(), rows.damaged());
    for (ObjectKind kind : ObjectKind.values()) {
      objects(kind);
    }
    var failures = new Failures(disk).read();
    note(Failures.FOLDER, failures.values().size(), failures.damaged());
    plans();
    return new Verification(sound, damaged, leftovers);
  }

  private void note(String what, int count, List<Rows.Damaged> files) {
    sound.put(what, count);
    files.forEach(file -> damaged.add(file.toString()));
  }

  private void objects(ObjectKind kind) {
    List<String> ids = list(kind.folder()).keySet().stream().filter(Ids::isId).toList();
    List<List<String>> faults = Reader.ofLargeFiles(disk).map(ids, id -> faults(kind, id));
    sound.put(kind.folder(), (int) faults.stream().filter(List::isEmpty).count());
    faults.forEach(damaged::addAll);
  }

  private List<String> faults(ObjectKind kind, String id) {
    Path folder = disk.path(kind.folder(), id);
    Path json = new Path(folder, kind.manifest());
    List<String> faults = new ArrayList<>();
    try {
      var stored = new StoredObject(disk, folder, Manifest.decode(kind, id, disk.read(json)));
      for (String file : stored.files()) {
        try {
          stored.read(file);
        } catch (DamagedException e) {
          faults.add(e.getMessage());
        }
      }
    } catch (FileNotFoundException e) {
      faults.add(Reason.show(folder) + ": has no " + kind.manifest());
    } catch (DamagedException e) {
      faults.add(Reason.show(json) + ": " + e.getMessage());
    } catch (IOException e) {
      throw Reason.exception("read", json, e);
    }
    return faults;
  }

  private void plans() {
    Map<String, Path> files = list(Store.PLANS);
    files.keySet().removeIf(name -> !name.endsWith(JSON));
    var read =
        Reader.ofSmallFiles(disk)
            .read(
                files,
                (name, bytes) -> {
                  if (!name.equals(Digest.brief(bytes) + JSON)) {
                    throw new DamagedException("does not match its digest");
                  }
                  return name;
                });
    note(Store.PLANS, read.values().size(), read.damaged());
  }

  private Map<String, Path> list(String folder) {
    Map<String, Path> entries = new LinkedHashMap<>();
    try {
      for (FileStatus status : disk.list(disk.folder(folder))) {
        entries.put(status.getPath().getName(), status.getPath());
      }
      return entries;
    } catch (IOException e) {
      throw Reason.exception("list", disk.folder(folder), e);
    }
  }
}
