package io.backdoorgrid.store;

import io.backdoorgrid.store.disk.Disk;
import io.backdoorgrid.store.disk.Reason;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * The current activities of tasks, one short text each, under {@code running/}. Notes are not
 * results: they are overwritten, and a killed task leaves its last one behind, so old ones are not
 * shown.
 */
record Notes(Disk disk) {

  static final String FOLDER = "running";
  private static final long FRESH_MILLIS = 6 * 60 * 60 * 1_000L;

  void write(String id, String text) {
    Path path = path(id);
    try {
      disk.overwrite(path, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw Reason.exception("write a note to", path, e);
    }
  }

  void remove(String id) {
    disk.discard(path(id));
  }

  void removeAll() {
    try {
      for (FileStatus status : disk.list(disk.folder(FOLDER))) {
        disk.discard(status.getPath());
      }
    } catch (IOException e) {
      throw Reason.exception("list", disk.folder(FOLDER), e);
    }
  }

  /** The fresh ones by id. */
  Map<String, String> all() {
    var notes = new TreeMap<String, String>();
    long oldest = System.currentTimeMillis() - FRESH_MILLIS;
    try {
      for (FileStatus status : disk.list(disk.folder(FOLDER))) {
        if (status.getModificationTime() > oldest && Ids.isId(status.getPath().getName())) {
          read(status.getPath()).ifPresent(text -> notes.put(status.getPath().getName(), text));
        }
      }
      return notes;
    } catch (IOException e) {
      throw Reason.exception("list", disk.folder(FOLDER), e);
    }
  }

  /** Nothing if the task removed its note since it was listed, or is just writing it. */
  private Optional<String> read(Path path) throws IOException {
    try {
      String text = new String(disk.read(path), StandardCharsets.UTF_8);
      return text.isEmpty() ? Optional.empty() : Optional.of(text);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  private Path path(String id) {
    return disk.path(FOLDER, Ids.require(id, "a note"));
  }
}
