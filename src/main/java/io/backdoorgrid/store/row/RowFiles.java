package io.backdoorgrid.store.row;

import io.backdoorgrid.store.DamagedException;
import io.backdoorgrid.store.Ids;
import io.backdoorgrid.store.StoreException;
import io.backdoorgrid.store.disk.Commit;
import io.backdoorgrid.store.disk.Disk;
import io.backdoorgrid.store.disk.FileObject;
import io.backdoorgrid.store.disk.Reader;
import io.backdoorgrid.store.disk.Reason;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * The {@code rows/} folder: a file for each trial as it is finished, and compacted ones of many. A
 * trial in several files counts once; compacted files, which are older, go first.
 */
public record RowFiles(Disk disk) {
  public static final String FOLDER = "rows";
  private static final String CSV = ".csv";

  /** How often a folder is read again because files were merged meanwhile. */
  private static final int LISTINGS = 100;

  /**
   * What there is.
   *
   * @param single files of one row, by trial
   * @param compacted files of many, by name
   */
  public record Listing(Map<String, Path> single, SortedMap<String, Path> compacted) {}

  public boolean commit(Row row) {
    String id = row.id();
    return new Commit(disk, "results")
        .commit(
            path(id),
            new FileObject(disk, row.encode(), bytes -> Row.decode(id, bytes, column -> true)));
  }

  public Listing list() {
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

  /** In its own file: a task that looks for an earlier attempt's row need not read all others. */
  public Optional<Row> find(String id) {
    Path path = path(id);
    try {
      return Optional.of(Row.decode(id, disk.read(path), column -> true));
    } catch (FileNotFoundException | DamagedException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw Reason.exception("read results from", path, e);
    }
  }

  /**
   * The rows of some trials.
   *
   * @param wanted columns beside the trial's id
   */
  public Rows read(Predicate<String> trials, Predicate<String> wanted) {
    Map<String, Row> compacted = new HashMap<>();
    Map<String, Row> single = new HashMap<>();
    Set<Rows.Damaged> damaged = new LinkedHashSet<>();
    Set<String> seen = new HashSet<>();
    boolean settled = false;
    for (int i = 0; i < LISTINGS && !settled; i++) {
      Listing files = list();
      Map<String, Path> many = new LinkedHashMap<>(files.compacted());
      many.keySet().removeAll(seen);
      Reader.Read<Part> parts =
          Reader.ofLargeFiles(disk)
              .read(many, (name, bytes) -> Part.decode(bytes, name, trials, wanted));
      parts.values().forEach((name, part) -> part.into(compacted, damaged, many.get(name)));
      Map<String, Path> one = new LinkedHashMap<>(files.single());
      one.keySet()
          .removeIf(id -> seen.contains(id) || compacted.containsKey(id) || !trials.test(id));
      Reader.Read<Row> rows =
          Reader.ofSmallFiles(disk).read(one, (id, bytes) -> Row.decode(id, bytes, wanted));
      single.putAll(rows.values());
      damaged.addAll(parts.damaged());
      damaged.addAll(rows.damaged());
      seen.addAll(parts.values().keySet());
      seen.addAll(rows.values().keySet());
      // Compaction deletes a file when another one has its rows. A listing takes a while, and may
      // have missed both; the other one shows in the next.
      settled =
          parts.gone() + rows.gone() == 0
              && files.compacted().keySet().containsAll(list().compacted().keySet());
    }
    if (!settled) {
      throw new StoreException(
          "%s kept changing while it was read".formatted(Reason.show(disk.folder(FOLDER))), true);
    }
    single.putAll(compacted);
    return new Rows(single, List.copyOf(damaged));
  }

  Path path(String id) {
    return disk.path(FOLDER, id + CSV);
  }

  /** What is wanted of a compacted file. */
  private record Part(List<Row> rows, boolean complete) {

    static Part decode(
        byte[] bytes, String name, Predicate<String> trials, Predicate<String> wanted) {
      List<Row> rows = new ArrayList<>();
      CompactedRows file = CompactedRows.decode(name, bytes);
      boolean all =
          file.forEach(
              wanted,
              (row, line) -> {
                if (trials.test(row.id())) {
                  rows.add(row);
                }
              });
      return new Part(rows, all && file.sound());
    }

    void into(Map<String, Row> all, Collection<Rows.Damaged> damaged, Path path) {
      rows.forEach(row -> all.putIfAbsent(row.id(), row));
      if (!complete) {
        damaged.add(
            new Rows.Damaged(
                Reason.show(path),
                "cannot be read as a whole; %,d rows of it can".formatted(rows.size())));
      }
    }
  }
}
