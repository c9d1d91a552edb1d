package io.backdoorgrid.store;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A store in a bucket of an S3 server, by Hadoop's own client. */
@Tag("slow")
class S3Test extends SharedStoreContract {
  private static SharedDisk disk;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    disk = new S3Server(folder);
  }

  @AfterAll
  static void stop() {
    disk.close();
  }

  @Override
  SharedDisk disk() {
    return disk;
  }
}
