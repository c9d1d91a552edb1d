package io.backdoorgrid.store;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** A store in a bucket of an S3 server, by Hadoop's own client. */
@Tag("slow")
class S3Test extends SharedStoreContract {
  @Override
  SharedDisk start(Path folder) throws Exception {
    return new S3Server(folder);
  }
}
