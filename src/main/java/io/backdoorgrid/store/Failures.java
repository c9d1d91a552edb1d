package io.backdoorgrid.store;

import io.backdoorgrid.store.disk.Commit;
import io.backdoorgrid.store.disk.Disk;
import io.backdoorgrid.store.disk.FileObject;
import io.backdoorgrid.store.disk.Reader;
import io.backdoorgrid.store.disk.Reason;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** The {@code failures/} folder: every failed attempt is a file of its own. */
record Failures(Disk disk) {
  static final String FOLDER = "failures";

  private static final Pattern NAME = Pattern.compile("([0-9a-f]{16})\\.([0-9]{1,9})\\.csv");

  /** The trial of which a file of that name tells. */
  static String trial(String name) {
    return name.replaceFirst("[.].*", "");
  }

  void commit(Failure failure) {
    Path target = disk.path(FOLDER, failure.trial() + "." + failure.attempt() + ".csv");
    new Commit(disk, "a failure")
        .commit(target, new FileObject(disk, failure.encode(), Failure::decode));
  }

  /** Moves every attempt at some trials aside. */
  void remove(Set<String> trials) {
    try {
      for (FileStatus status : disk.list(disk.folder(FOLDER))) {
        Path path = status.getPath();
        if (trials.contains(trial(path.getName()))) {
          disk.move(path, disk.scratch("removed-" + path.getName()));
        }
      }
    } catch (IOException e) {
      throw Reason.exception("remove failures from", disk.folder(FOLDER), e);
    }
  }

  /** The latest sound attempt of every trial that ever failed. */
  Map<String, Failure> latest() {
    Map<String, Failure> latest = new TreeMap<>();
    read()
        .values()
        .values()
        .forEach(
            failure ->
                latest.merge(
                    failure.trial(), failure, (a, b) -> a.attempt() > b.attempt() ? a : b));
    return latest;
  }

  /** All attempts, by file. */
  Reader.Read<Failure> read() {
    Map<String, Path> files = new LinkedHashMap<>();
    try {
      for (FileStatus status : disk.list(disk.folder(FOLDER))) {
        String name = status.getPath().getName();
        if (NAME.matcher(name).matches()) {
          files.put(name, status.getPath());
        }
      }
    } catch (IOException e) {
      throw Reason.exception("list", disk.folder(FOLDER), e);
    }
    return Reader.ofSmallFiles(disk).read(files, Failures::decode);
  }

  private static Failure decode(String name, byte[] bytes) throws DamagedException {
    Failure failure = Failure.decode(bytes);
    Matcher promised = NAME.matcher(name);
    if (!promised.matches()
        || !promised.group(1).equals(failure.trial())
        || Integer.parseInt(promised.group(2)) != failure.attempt()) {
      throw new DamagedException("holds another trial or attempt");
    }
    return failure;
  }
}
