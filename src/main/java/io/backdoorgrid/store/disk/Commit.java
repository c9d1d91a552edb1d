package io.backdoorgrid.store.disk;

import io.backdoorgrid.store.StoreException;
import io.backdoorgrid.store.disk.Committable.State;
import java.io.IOException;
import org.apache.hadoop.fs.Path;

/**
 * The commit protocol: write under {@code .tmp}, close, then one atomic step to the final name.
 *
 * <p>A kill at any instruction leaves either nothing or the whole object under the final name, and
 * at worst an orphan under {@code .tmp}. Every attempt of a cell goes to the same name; whoever
 * comes second changes nothing.
 */
public record Commit(Disk disk, String what) {

  /**
   * @return true if this call made the object visible, false if a valid one stood there already
   * @throws StoreException retryable if it cannot be known whether the object became visible; then
   *     nothing was deleted
   */
  public boolean commit(Path target, Committable object) {
    try {
      State state = object.inspect(target);
      if (state == State.VALID) {
        return false;
      }
      if (state == State.DAMAGED) {
        setAside(target, object);
      }
    } catch (IOException e) {
      throw Reason.exception("read " + what + " at", target, e);
    }
    Path scratch = disk.scratch(target.getName());
    try {
      object.write(scratch);
    } catch (IOException e) {
      disk.discard(scratch);
      throw Reason.exception("write " + what + " to", target, e);
    }
    IOException failure = null;
    try {
      if (disk.place(scratch, target)) {
        return true;
      }
    } catch (IOException e) {
      failure = e;
    }
    return settle(scratch, target, object, failure);
  }

  /** The step did not report success; the object under the final name decides. */
  private boolean settle(Path scratch, Path target, Committable object, IOException failure) {
    String reason =
        failure == null
            ? "the rename was refused"
            : "the rename failed: " + Reason.of(failure).text();
    try {
      if (object.inspect(target) == State.VALID) {
        boolean ours = !disk.exists(scratch);
        if (!ours) {
          disk.discard(scratch);
        }
        return ours;
      }
    } catch (IOException e) {
      reason += "; looking at it failed too: " + Reason.of(e).text();
    }
    throw new StoreException(
        "cannot tell whether %s reached %s (%s); nothing was deleted, the same commit can be tried again"
            .formatted(what, Reason.show(target), reason),
        true,
        failure);
  }

  private void setAside(Path target, Committable object) throws IOException {
    Path aside = disk.scratch("damaged-" + target.getName());
    try {
      disk.move(target, aside);
    } catch (IOException e) {
      if (object.inspect(target) == State.DAMAGED) {
        throw e;
      }
      return; // Another attempt was faster.
    }
    // Another attempt may have put a sound object there between our look and our move.
    if (object.inspect(aside) == State.VALID) {
      disk.place(aside, target);
    }
  }
}
