package io.backdoorgrid.store.disk;

import java.io.IOException;
import org.apache.hadoop.fs.Path;

/** Something that becomes visible as a whole: a file or a directory. */
public interface Committable {
  /** What stands under a name. */
  enum State {
    ABSENT,
    VALID,
    DAMAGED
  }

  /** Writes the whole object under a scratch name. */
  void write(Path scratch) throws IOException;

  /** Looks whether {@code path} holds an object that parses and whose digests match. */
  State inspect(Path path) throws IOException;
}
