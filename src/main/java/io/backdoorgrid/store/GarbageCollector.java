package io.backdoorgrid.store;

import io.backdoorgrid.store.disk.Disk;
import io.backdoorgrid.store.disk.Reason;
import io.backdoorgrid.store.lease.Lease;
import io.backdoorgrid.store.row.Row;
import io.backdoorgrid.store.row.RowFiles;
import io.backdoorgrid.store.row.Rows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Finds what no result of a store needs: leftovers of killed and removed work, findings that no row
 * names, checkpoints of victims that are there, and failures of trials that have a row since. What
 * a later run may use stays: victims, extractors, phases.
 */
final class GarbageCollector {

  private final Disk disk;

  GarbageCollector(Disk disk) {
    this.disk = disk;
  }

  Garbage find() {
    return items(paths());
  }

  /**
   * Deletes it.
   *
   * @param lease without which another driver's unfinished work would go, too
   */
  Garbage remove(Lease lease) {
    Map<String, List<Path>> paths = paths();
    Garbage found = items(paths);
    for (List<Path> kind : paths.values()) {
      for (Path path : kind) {
        lease.requireHeld("collection");
        remove(path);
      }
    }
    return found;
  }

  private Garbage items(Map<String, List<Path>> paths) {
    Map<String, List<Garbage.Item>> found = new LinkedHashMap<>();
    paths.forEach((kind, some) -> found.put(kind, some.stream().map(this::item).toList()));
    return new Garbage(found);
  }

  private Map<String, List<Path>> paths() {
    Rows rows = new RowFiles(disk).read(trial -> true, Row.FINDINGS::equals);
    Set<String> named =
        rows.byTrial().values().stream()
            .map(row -> row.text(Row.FINDINGS))
            .collect(Collectors.toSet());
    Set<String> victims = new StoredObjects(disk, ObjectKind.VICTIM).ids();
    Map<String, List<Path>> kinds = new LinkedHashMap<>();
    kinds.put(
        "leftovers of killed and removed work", list(disk.folder(Disk.SCRATCH), name -> true));
    // A damaged row may name findings that nobody sees.
    kinds.put(
        "findings that no row names",
        rows.damaged().isEmpty()
            ? list(disk.folder(ObjectKind.FINDINGS.folder()), name -> !named.contains(name))
            : List.of());
    kinds.put(
        "checkpoints of trained victims",
        list(
            disk.folder(ObjectKind.CHECKPOINT.folder()),
            name -> victims.contains(victimOfCheckpoint(name))));
    kinds.put(
        "failures of trials that have a row",
        list(
            disk.folder(Failures.FOLDER),
            name -> rows.byTrial().containsKey(Failures.trial(name))));
    kinds.values().removeIf(List::isEmpty);
    return kinds;
  }

  private String victimOfCheckpoint(String id) {
    return new StoredObjects(disk, ObjectKind.CHECKPOINT)
        .find(id)
        .map(found -> String.valueOf(found.description().get(Row.VICTIM)))
        .orElse("");
  }

  private List<Path> list(Path folder, Predicate<String> wanted) {
    try {
      List<Path> paths = new ArrayList<>();
      for (FileStatus status : disk.list(folder)) {
        if (wanted.test(status.getPath().getName())) {
          paths.add(status.getPath());
        }
      }
      return paths;
    } catch (IOException e) {
      throw Reason.exception("list", folder, e);
    }
  }

  private Garbage.Item item(Path path) {
    try {
      return new Garbage.Item(Reason.show(path), disk.bytes(path));
    } catch (IOException e) {
      return new Garbage.Item(Reason.show(path), 0); // gone meanwhile
    }
  }

  /** In one step first, so that no half of an object stays under its name. */
  private void remove(Path path) {
    try {
      if (path.getParent().equals(disk.folder(Disk.SCRATCH))) {
        disk.discard(path);
      } else {
        Path aside = disk.scratch("garbage-" + path.getName());
        disk.move(path, aside);
        disk.discard(aside);
      }
    } catch (IOException e) {
      // It stays for the next time.
    }
  }
}
