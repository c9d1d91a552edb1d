package io.backdoorgrid.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * What tasks are doing just now, one short text each, under {@code running/}. Notes are no results:
 * they are overwritten, and a killed task leaves its last one behind, so old ones are not shown.
 */
record Notes(Disk disk) {

  static final String FOLDER = "running";
  private static final long FRESH_MILLIS = 15 * 60 * 1_000L;

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

  /** The fresh ones by id. */
  Map<String, String> all() {
    var notes = new TreeMap<String, String>();
    try {
      for (FileStatus status : disk.list(disk.folder(FOLDER))) {
        boolean fresh = System.currentTimeMillis() - status.getModificationTime() < FRESH_MILLIS;
        if (fresh && Ids.isId(status.getPath().getName())) {
          byte[] text = disk.read(status.getPath());
          notes.put(status.getPath().getName(), new String(text, StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      // The task removed its note between listing and reading; the next look finds none.
    }
    return notes;
  }

  private Path path(String id) {
    return disk.path(FOLDER, Ids.require(id, "a note"));
  }
}
