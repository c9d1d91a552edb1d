package io.backdoorgrid.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportsTest {

  @TempDir Path folder;

  @Test
  void replacesAFileInAFolderThatItCreates() {
    Path target = folder.resolve("a/b");
    Exports exports = Exports.at(target.toString(), new Configuration());
    exports.write("x.csv", new byte[] {'l', 'o', 'n', 'g'});
    assertThat(exports.write("x.csv", new byte[] {'1'})).isEqualTo(target + "/x.csv");
    assertThat(target.resolve("x.csv")).hasContent("1");
    assertThat(target).isDirectoryContaining(file -> file.endsWith("x.csv"));
  }

  @Test
  void saysWhereItCannotWrite() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> Exports.at(file + "/below", new Configuration()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(file.toString());
  }
}
