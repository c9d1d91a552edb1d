package io.backdoorgrid.store.disk;

import io.backdoorgrid.store.DamagedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.fs.Path;

/** A committed object that is one file. */
public record FileObject(Disk disk, byte[] bytes, Check check) implements Committable {

  /** Refuses bytes that are not what was once written. */
  public interface Check {
    void check(byte[] bytes) throws DamagedException;
  }

  @Override
  public void write(Path scratch) throws IOException {
    disk.write(scratch, bytes);
  }

  @Override
  public State inspect(Path path) throws IOException {
    try {
      check.check(disk.read(path));
      return State.VALID;
    } catch (FileNotFoundException e) {
      return State.ABSENT;
    } catch (DamagedException e) {
      return State.DAMAGED;
    }
  }
}
