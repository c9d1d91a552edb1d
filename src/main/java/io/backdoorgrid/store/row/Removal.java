package io.backdoorgrid.store.row;

import io.backdoorgrid.store.DamagedException;
import io.backdoorgrid.store.disk.Commit;
import io.backdoorgrid.store.disk.Disk;
import io.backdoorgrid.store.disk.FileObject;
import io.backdoorgrid.store.disk.Reason;
import io.backdoorgrid.store.lease.Lease;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;

/**
 * Takes rows out of the results. Their files are moved to {@code .tmp}, from where a person can put
 * them back. A file of many rows is replaced by one of those that stay, which is committed first: a
 * kill in between removes nothing.
 */
public final class Removal {

  private final Disk disk;
  private final Lease lease;

  /**
   * @param lease without which a driver might count on what is removed
   */
  public Removal(Disk disk, Lease lease) {
    this.disk = disk;
    this.lease = lease;
  }

  /**
   * Removes the rows of some trials, and damaged files of theirs.
   *
   * @return the trials that had one
   */
  public Set<String> run(Set<String> trials) {
    Set<String> removed = new HashSet<>();
    RowFiles.Listing files = new RowFiles(disk).list();
    try {
      for (Map.Entry<String, Path> file : files.compacted().entrySet()) {
        removed.addAll(remove(trials, file.getKey(), file.getValue()));
      }
      for (Map.Entry<String, Path> file : files.single().entrySet()) {
        if (trials.contains(file.getKey())) {
          setAside(file.getValue());
          removed.add(file.getKey());
        }
      }
    } catch (IOException e) {
      throw Reason.exception("remove rows from", disk.folder(RowFiles.FOLDER), e);
    }
    return removed;
  }

  private Set<String> remove(Set<String> trials, String name, Path path) throws IOException {
    Set<String> removed = new HashSet<>();
    var rest = new TreeMap<String, String>();
    CompactedRows file;
    try {
      file = CompactedRows.decode(name, disk.read(path));
    } catch (FileNotFoundException | DamagedException e) {
      return removed;
    }
    file.forEach(
        column -> false,
        (row, line) -> {
          if (trials.contains(row.id())) {
            removed.add(row.id());
          } else {
            rest.put(row.id(), line);
          }
        });
    if (!removed.isEmpty()) {
      if (!rest.isEmpty()) {
        byte[] content = CompactedRows.encode(file.csv().header(), rest);
        String other = CompactedRows.name(content);
        new Commit(disk, "compacted rows")
            .commit(
                disk.path(RowFiles.FOLDER, other),
                new FileObject(disk, content, bytes -> CompactedRows.requireSound(other, bytes)));
      }
      setAside(path);
    }
    return removed;
  }

  private void setAside(Path path) throws IOException {
    lease.requireHeld("removal");
    disk.move(path, disk.scratch("removed-" + path.getName()));
  }
}
