package io.backdoorgrid.store.row;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.backdoorgrid.store.DamagedException;
import io.backdoorgrid.store.disk.Commit;
import io.backdoorgrid.store.disk.Disk;
import io.backdoorgrid.store.disk.FileObject;
import io.backdoorgrid.store.disk.Reader;
import io.backdoorgrid.store.disk.Reason;
import io.backdoorgrid.store.lease.Lease;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;

/**
 * Makes few files of many rows out of many files of one.
 *
 * <p>A file is deleted only when others that have all its rows were committed and read back. A kill
 * in between leaves rows in two files; they count once, and the next compaction goes on.
 */
public final class Compaction {
  private static final int MOST_BYTES = 32 << 20;
  private static final int PENDING_FILES = 8;
  private static final int FILES_AT_ONCE = 1_000;

  private final Disk disk;
  private final Lease lease;
  private final int mostBytes;

  /** What is gathered, by header. */
  private final Map<String, Batch> batches = new HashMap<>();

  /** The digest of every line that was seen first for its trial. */
  private final Map<String, String> digests = new HashMap<>();

  private long pendingBytes;
  private int rows;
  private int removed;
  private int written;

  public Compaction(Disk disk, Lease lease) {
    this(disk, lease, MOST_BYTES);
  }

  /**
   * @param lease without which a driver, which looks only at files of one row when it commits,
   *     might run a compacted trial again
   * @param mostBytes of a compacted file, roughly; one of half that size stays as it is
   */
  public Compaction(Disk disk, Lease lease, int mostBytes) {
    this.disk = disk;
    this.lease = lease;
    this.mostBytes = mostBytes;
  }

  /** Rows with the same header on their way into one file. */
  private static final class Batch {
    private final TreeMap<String, String> lines = new TreeMap<>();

    /** Sound files that hold no other rows. */
    private final Set<Path> sources = new LinkedHashSet<>();

    /** Files of which these are the readable rows. */
    private final Set<Path> damaged = new LinkedHashSet<>();

    private long bytes;
  }

  public Compacted run() {
    RowFiles.Listing files = new RowFiles(disk).list();
    try {
      for (var file : files.compacted().entrySet()) {
        gather(file.getKey(), file.getValue());
      }
      List<String> trials = new ArrayList<>(files.single().keySet());
      for (int from = 0; from < trials.size(); from += FILES_AT_ONCE) {
        Map<String, Path> some = new LinkedHashMap<>();
        trials
            .subList(from, Math.min(from + FILES_AT_ONCE, trials.size()))
            .forEach(trial -> some.put(trial, files.single().get(trial)));
        gather(some);
      }
      for (String header : batches.keySet()) {
        write(header);
      }
    } catch (IOException e) {
      throw Reason.exception("compact", disk.folder(RowFiles.FOLDER), e);
    }
    return new Compacted(rows, removed, written);
  }

  /** A compacted file: a light one is joined with others, a damaged one replaced. */
  private void gather(String name, Path path) throws IOException {
    CompactedRows file;
    int bytes;
    try {
      byte[] content = disk.read(path);
      bytes = content.length;
      file = CompactedRows.decode(name, content);
    } catch (FileNotFoundException | DamagedException e) {
      return;
    }
    if (file.sound() && bytes > mostBytes / 2) {
      file.forEach(column -> false, (row, line) -> digests.putIfAbsent(row.id(), digest(line)));
      return;
    }
    Batch batch = batch(file.csv().header());
    boolean[] agrees = {true};
    boolean all =
        file.forEach(column -> false, (row, line) -> agrees[0] &= gather(batch, row.id(), line));
    // A sound file with a row that cannot be read may be one of a later version.
    if (agrees[0] && (all || !file.sound())) {
      (file.sound() ? batch.sources : batch.damaged).add(path);
    }
    writeIfLong(file.csv().header());
  }

  /** Files of one row each. */
  private void gather(Map<String, Path> files) throws IOException {
    Map<String, String> texts =
        Reader.ofSmallFiles(disk)
            .read(
                files,
                (trial, bytes) -> {
                  Row.decode(trial, bytes, column -> false);
                  return new String(bytes, UTF_8);
                })
            .values();
    for (var text : texts.entrySet()) {
      int headerEnd = text.getValue().indexOf('\n');
      String header = text.getValue().substring(0, headerEnd);
      String line = text.getValue().substring(headerEnd + 1).stripTrailing();
      if (line.indexOf('\n') >= 0) {
        continue; // A quoted one: not a row that we wrote. Among others it could not be told apart.
      }
      Batch batch = batch(header);
      if (gather(batch, text.getKey(), line)) {
        batch.sources.add(files.get(text.getKey()));
      }
      writeIfLong(header);
    }
  }

  /**
   * @return false if another line was seen for that trial, which counts; then this one stays
   */
  private boolean gather(Batch batch, String trial, String line) {
    String first = digests.putIfAbsent(trial, digest(line));
    if (first != null) {
      return first.equals(digest(line));
    }
    batch.lines.put(trial, line);
    batch.bytes += line.length();
    pendingBytes += line.length();
    return true;
  }

  private Batch batch(String header) {
    return batches.computeIfAbsent(header, key -> new Batch());
  }

  private void writeIfLong(String header) throws IOException {
    if (batch(header).bytes > mostBytes) {
      write(header);
    } else if (pendingBytes > (long) PENDING_FILES * mostBytes) {
      write(
          batches.entrySet().stream()
              .max(Comparator.comparingLong(entry -> entry.getValue().bytes))
              .orElseThrow()
              .getKey());
    }
  }

  private void write(String header) throws IOException {
    Batch batch = batches.put(header, new Batch());
    pendingBytes -= batch.bytes;
    if (!batch.lines.isEmpty()) {
      if (batch.sources.size() == 1 && batch.damaged.isEmpty()) {
        return; // One file would become one.
      }
      Path target = commit(CompactedRows.encode(header, batch.lines));
      batch.sources.remove(target);
      batch.damaged.remove(target);
      rows += batch.lines.size();
      written++;
    }
    lease.requireHeld("compaction");
    for (Path source : batch.sources) {
      disk.delete(source);
      removed++;
    }
    for (Path source : batch.damaged) {
      disk.move(source, disk.scratch("damaged-" + source.getName()));
      removed++;
    }
  }

  private Path commit(byte[] content) throws IOException {
    String name = CompactedRows.name(content);
    Path target = disk.path(RowFiles.FOLDER, name);
    new Commit(disk, "compacted rows")
        .commit(
            target,
            new FileObject(disk, content, bytes -> CompactedRows.requireSound(name, bytes)));
    if (!Arrays.equals(disk.read(target), content)) {
      throw new DamagedException(Reason.show(target) + ": is not what was written");
    }
    return target;
  }

  private static String digest(String line) {
    return line.substring(line.lastIndexOf(',') + 1);
  }
}
