package io.backdoorgrid.store;

import static io.backdoorgrid.store.Samples.TRIAL;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A store on a real HDFS. */
@Tag("slow")
class HdfsTest extends SharedStoreContract {
  @Override
  SharedDisk start(Path folder) throws Exception {
    return new HdfsServer(folder);
  }

  /** What a writer that died has not closed is no row. */
  @Test
  void goesOnAfterAWriterDied() throws IOException {
    var out =
        fs().create(new org.apache.hadoop.fs.Path(store().uri(), ".tmp/" + TRIAL + ".csv-died"));
    out.writeBytes("trial,");
    out.hflush();
    store().commitRow(Samples.row(TRIAL));
    assertThat(Store.open(store().uri(), disk().configuration()).rows().byTrial().keySet())
        .containsExactly(TRIAL);
    assertThat(store().leftovers()).hasSize(1);
    out.close();
  }
}
