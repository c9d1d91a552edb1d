package io.backdoorgrid.store;

import io.backdoorgrid.store.disk.Commit;
import io.backdoorgrid.store.disk.Disk;
import io.backdoorgrid.store.disk.FileObject;
import io.backdoorgrid.store.disk.Reason;
import io.backdoorgrid.store.lease.Holder;
import io.backdoorgrid.store.lease.Lease;
import io.backdoorgrid.store.row.Compacted;
import io.backdoorgrid.store.row.Compaction;
import io.backdoorgrid.store.row.Removal;
import io.backdoorgrid.store.row.Row;
import io.backdoorgrid.store.row.RowFiles;
import io.backdoorgrid.store.row.Rows;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * The results of grids, in a folder on any Hadoop file system.
 *
 * <pre>
 * plans/ID.json                    a frozen plan; the id is its digest
 * victims/ID/victim.json, …        a victim's weights and trigger, with their sizes and digests
 * extractors/ID/extractor.json, …  a pretrained feature extractor, likewise
 * phases/ID/phase.json, …          a finished phase of a long trial, likewise
 * findings/ID/findings.json, …     what a trial's defense learned besides the model, likewise
 * checkpoints/ID/checkpoint.json, … a training after some epochs, likewise, until it is done
 * rows/ID.csv                      one finished trial
 * rows/compacted-DIGEST.csv        many
 * failures/ID.ATTEMPT.csv          one failed attempt
 * running/ID                       what a task is doing just now
 * lease/driver.csv, …              who runs grids into this store just now
 * .tmp/                            whatever is not committed yet, or no longer
 * </pre>
 *
 * <p>Something is done if its file exists, parses, and its digests match; nothing else counts. Any
 * number of processes may use a store at once. Instances are safe for use by several threads; they
 * hold no state, so a killed process leaves nothing behind but orphans under {@code .tmp}.
 */
public final class Store {
  static final String PLANS = "plans";

  private final Disk disk;

  private Store(Disk disk) {
    this.disk = disk;
  }

  /**
   * Opens a store for reading and writing; creates the folder and tries whether it can be written.
   *
   * @param uri a local path, or a URI with any scheme that {@code conf} knows
   * @throws StoreException if that is impossible
   */
  public static Store open(String uri, Configuration conf) {
    Disk disk = disk(uri, conf);
    Path probe = disk.scratch("probe");
    try {
      requireFolder(disk);
      disk.createFolders(PLANS, RowFiles.FOLDER, Failures.FOLDER, Notes.FOLDER, Lease.FOLDER);
      for (ObjectKind kind : ObjectKind.values()) {
        disk.makeFolder(disk.folder(kind.folder()));
      }
      disk.write(probe, new byte[] {'\n'});
    } catch (IOException e) {
      throw Reason.exception("write results to", disk.root(), e);
    } finally {
      disk.discard(probe);
    }
    return new Store(disk);
  }

  /**
   * Opens an existing store without writing anything to it.
   *
   * @throws StoreException if there is none
   */
  public static Store openForReading(String uri, Configuration conf) {
    return find(uri, conf)
        .orElseThrow(
            () ->
                new StoreException(
                    "there are no results in %s; is it the folder that was given to --out?"
                        .formatted(Reason.show(new Path(uri))),
                    false));
  }

  /**
   * Opens a store like {@link #openForReading}, if there is one.
   *
   * @throws StoreException if the folder cannot be read
   */
  public static Optional<Store> find(String uri, Configuration conf) {
    Disk disk = disk(uri, conf);
    try {
      requireFolder(disk);
      return disk.exists(disk.folder(RowFiles.FOLDER))
          ? Optional.of(new Store(disk))
          : Optional.empty();
    } catch (IOException e) {
      throw Reason.exception("read results from", disk.root(), e);
    }
  }

  /** The folder in full, so that another process can open the same one. */
  public String uri() {
    return disk.root().toString();
  }

  /**
   * Makes this process the one driver of this store, until the lease is closed.
   *
   * @throws StoreException if another driver has it, which the message names
   */
  public Lease lease() {
    return Lease.take(disk);
  }

  /**
   * Like {@link #lease()}, but waits while another driver has it.
   *
   * @param told what it waits for
   */
  public Lease awaitLease(Consumer<String> told) {
    return Lease.await(disk, told);
  }

  /** Who runs grids into this store just now, or did so and was killed; empty if no one is left. */
  public Optional<Holder> holder() {
    return Lease.holder(disk);
  }

  /**
   * Makes a trial finished.
   *
   * @return false if it already was; then nothing changed
   */
  public boolean commitRow(Row row) {
    return new RowFiles(disk).commit(row);
  }

  /**
   * The row of a trial in a file of its own, or nothing if there is none or it is damaged. It does
   * not look for compacted rows, which are older than this run; {@link #rows} does.
   */
  public Optional<Row> row(String id) {
    return new RowFiles(disk).find(Ids.require(id, "a trial"));
  }

  /** Every row, with all its columns. */
  public Rows rows() {
    return new RowFiles(disk).read(trial -> true, column -> true);
  }

  /** Every row, with some of its columns: of a million rows not all fit into memory. */
  public Rows rows(Set<String> columns) {
    return new RowFiles(disk).read(trial -> true, columns::contains);
  }

  /** The ids that have a row file of their own, sound or not: one listing, nothing read. */
  public Set<String> listed() {
    return Set.copyOf(new RowFiles(disk).list().single().keySet());
  }

  /**
   * Makes few files of many: those of one row each become files of many rows.
   *
   * @throws StoreException if a driver runs into this store
   */
  public Compacted compact() {
    try (Lease lease = lease()) {
      return new Compaction(disk, lease).run();
    }
  }

  /**
   * Takes the rows and failures of some trials out of the results. Their files are moved to {@code
   * .tmp}.
   *
   * @throws StoreException if a driver runs into this store
   */
  public void forget(Set<String> trials) {
    try (Lease lease = lease()) {
      new Removal(disk, lease).run(trials);
      new Failures(disk).remove(trials);
    }
  }

  /** What no result needs. */
  public Garbage garbage() {
    return new GarbageCollector(disk).find();
  }

  /**
   * Deletes what no result needs, for good.
   *
   * @throws StoreException if a driver runs into this store, whose unfinished work it would take
   */
  public Garbage removeGarbage() {
    try (Lease lease = lease()) {
      return new GarbageCollector(disk).remove(lease);
    }
  }

  /** Reads every byte, and holds everything against its digest. */
  public Verification verify() {
    return new Verifier(disk).run(leftovers());
  }

  /** Notes what a task is doing, for people who watch; replaces its earlier note. */
  public void writeNote(String id, String text) {
    new Notes(disk).write(id, text);
  }

  /** Removes a task's note. */
  public void removeNote(String id) {
    new Notes(disk).remove(id);
  }

  /** Removes all notes, which killed tasks left behind. */
  public void removeNotes() {
    new Notes(disk).removeAll();
  }

  /** What tasks are doing just now, by id. */
  public Map<String, String> notes() {
    return new Notes(disk).all();
  }

  /** Records a failed attempt; a second report of the same attempt changes nothing. */
  public void commitFailure(Failure failure) {
    new Failures(disk).commit(failure);
  }

  /** The latest failed attempt of every trial that has no row, by trial id. */
  public Map<String, Failure> failures() {
    Map<String, Failure> failures = new Failures(disk).latest();
    if (!failures.isEmpty()) {
      Rows rows = new RowFiles(disk).read(failures::containsKey, column -> false);
      failures.keySet().removeAll(rows.byTrial().keySet());
    }
    return failures;
  }

  /**
   * Makes an object, such as a victim, usable by all trials.
   *
   * @param files payload by file name, such as {@code weights.safetensors}
   * @param description whatever JSON can hold
   * @return false if a sound one was there already; then nothing changed
   */
  public boolean commitObject(
      ObjectKind kind, String id, Map<String, byte[]> files, Map<String, Object> description) {
    return new StoredObjects(disk, kind).commit(id, files, description);
  }

  /** A committed object whose description is sound and whose files have their sizes. */
  public Optional<StoredObject> object(ObjectKind kind, String id) {
    return new StoredObjects(disk, kind).find(id);
  }

  /** Removes an object that no one needs any more, in one step; it may be gone already. */
  public void removeObject(ObjectKind kind, String id) {
    new StoredObjects(disk, kind).remove(id);
  }

  /** The ids of all committed objects of a kind. */
  public Set<String> objects(ObjectKind kind) {
    return new StoredObjects(disk, kind).ids();
  }

  /**
   * Freezes a plan: a changed grid is a new plan.
   *
   * @return its id, which is its digest
   */
  public String commitPlan(byte[] json) {
    String id = Digest.brief(json);
    new Commit(disk, "a plan")
        .commit(
            disk.path(PLANS, id + ".json"),
            new FileObject(
                disk,
                json,
                bytes -> {
                  if (!Digest.brief(bytes).equals(id)) {
                    throw new DamagedException("does not match its digest");
                  }
                }));
    return id;
  }

  /** A frozen plan. */
  public Optional<byte[]> plan(String id) {
    Path path = disk.path(PLANS, Ids.require(id, "a plan") + ".json");
    try {
      return Optional.of(disk.read(path));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw Reason.exception("read the plan", path, e);
    }
  }

  /**
   * What lies under {@code .tmp}: work of processes that still run or were killed, and damaged
   * files that were moved there. {@link #removeGarbage} deletes it.
   */
  public List<String> leftovers() {
    try {
      return disk.scratch().stream().map(FileStatus::getPath).map(Reason::show).sorted().toList();
    } catch (IOException e) {
      throw Reason.exception("list", disk.root(), e);
    }
  }

  private static Disk disk(String uri, Configuration conf) {
    try {
      return Disk.at(new Path(uri), conf);
    } catch (UnsupportedFileSystemException e) {
      throw new StoreException(
          "cannot open results at %s: no file system knows its scheme; give a path, file:, hdfs: or s3a:"
              .formatted(Reason.redacted(uri)),
          false,
          e);
    } catch (StoreException e) {
      throw e;
    } catch (RuntimeException e) {
      // A path that is no URI, or (within a RuntimeException) a file system whose jar is missing.
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String reason = cause instanceof IOException ? Reason.of(cause).text() : cause.getMessage();
      if (cause instanceof ClassNotFoundException) {
        reason += "; put the file system's jars into $SPARK_HOME/jars (for s3a: hadoop-aws)";
      }
      throw new StoreException(
          Reason.redacted("cannot open results at \"%s\": %s".formatted(uri, reason)), false, e);
    } catch (IOException e) {
      throw Reason.exception("open results at", new Path(uri), e);
    }
  }

  private static void requireFolder(Disk disk) throws IOException {
    if (disk.isFile(disk.root())) {
      throw new StoreException(
          "cannot keep results in %s: it is a file, not a folder"
              .formatted(Reason.show(disk.root())),
          false);
    }
  }
}
