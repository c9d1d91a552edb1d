package io.backdoorgrid.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * The {@code rows/} folder: a file for each trial as it is finished, and compacted ones of many. A
 * trial in several files counts once; compacted files, which are older, go first.
 */
record RowFiles(Disk disk) {
  static final String FOLDER = "rows";
  private static final String CSV = ".csv";

  /** So often a folder is listed because files vanished that had just been there. */
  private static final int LISTINGS = 5;

  /**
   * What there is.
   *
   * @param single files of one row, by trial
   * @param compacted files of many, by name
   */
  record Listing(Map<String, Path> single, SortedMap<String, Path> compacted) {}

  boolean commit(Row row) {
    String id = row.id();
    return new Commit(disk, "results")
        .commit(
            path(id),
            new FileObject(disk, row.encode(), bytes -> Row.decode(id, bytes, column -> true)));
  }

  Listing list() {
    Map<String, Path> single = new LinkedHashMap<>();
    SortedMap<String, Path> compacted = new TreeMap<>();
    try {
      for (FileStatus status : disk.list(disk.folder(FOLDER))) {
        String name = status.getPath().getName();
        String id = name.endsWith(CSV) ? name.substring(0, name.length() - CSV.length()) : "";
        if (Ids.isId(id)) {
          single.put(id, status.getPath());
        } else if (CompactedRows.isName(name)) {
          compacted.put(name, status.getPath());
        }
      }
    } catch (IOException e) {
      throw Reason.exception("list", disk.folder(FOLDER), e);
    }
    return new Listing(single, compacted);
  }

  Optional<Row> find(String id) {
    Path path = path(id);
    try {
      return Optional.of(Row.decode(id, disk.read(path), column -> true));
    } catch (DamagedException e) {
      return Optional.empty();
    } catch (FileNotFoundException e) {
      return Optional.ofNullable(read(id::equals, column -> true).byTrial().get(id));
    } catch (IOException e) {
      throw Reason.exception("read results from", path, e);
    }
  }

  /**
   * The rows of some trials.
   *
   * @param wanted columns beside the trial's id
   */
  Rows read(Predicate<String> trials, Predicate<String> wanted) {
    for (int i = 1; ; i++) {
      Map<String, Row> rows = new HashMap<>();
      List<Rows.Damaged> damaged = new ArrayList<>();
      Listing files = list();
      Reader.Read<Part> compacted =
          Reader.ofLargeFiles(disk)
              .read(files.compacted(), (name, bytes) -> Part.decode(bytes, name, trials, wanted));
      compacted
          .values()
          .forEach((name, part) -> part.into(rows, damaged, files.compacted().get(name)));
      Map<String, Path> rest = new LinkedHashMap<>(files.single());
      rest.keySet().removeIf(trial -> rows.containsKey(trial) || !trials.test(trial));
      Reader.Read<Row> single =
          Reader.ofSmallFiles(disk).read(rest, (id, bytes) -> Row.decode(id, bytes, wanted));
      rows.putAll(single.values());
      damaged.addAll(compacted.damaged());
      damaged.addAll(single.damaged());
      // Compaction deletes a file when another one has its rows, which a new listing shows.
      if (compacted.gone() + single.gone() == 0 || i == LISTINGS) {
        return new Rows(rows, damaged);
      }
    }
  }

  Path path(String id) {
    return disk.path(FOLDER, id + CSV);
  }

  /** What is wanted of a compacted file. */
  private record Part(List<Row> rows, boolean sound) {

    static Part decode(
        byte[] bytes, String name, Predicate<String> trials, Predicate<String> wanted) {
      List<Row> rows = new ArrayList<>();
      CompactedRows file = CompactedRows.decode(name, bytes);
      file.forEach(
          wanted,
          (row, line) -> {
            if (trials.test(row.id())) {
              rows.add(row);
            }
          });
      return new Part(rows, file.sound());
    }

    void into(Map<String, Row> all, List<Rows.Damaged> damaged, Path path) {
      rows.forEach(row -> all.putIfAbsent(row.id(), row));
      if (!sound) {
        damaged.add(
            new Rows.Damaged(
                Reason.show(path),
                "does not match its digest; %,d rows of it do".formatted(rows.size())));
      }
    }
  }
}
