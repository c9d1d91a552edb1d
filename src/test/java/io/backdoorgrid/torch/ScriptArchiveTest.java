package io.backdoorgrid.torch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

class ScriptArchiveTest {

  @Test
  void storesTheSourceUncompressed() throws IOException {
    var entries = new LinkedHashMap<String, String>();
    byte[] archive = ScriptArchive.of("class Ops(Module):\n");
    try (var zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
        entries.put(entry.getName(), new String(zip.readAllBytes(), UTF_8));
      }
    }
    assertThat(entries.keySet())
        .containsExactly(
            "ops/data.pkl", "ops/code/__torch__.py", "ops/constants.pkl", "ops/version");
    assertThat(entries.get("ops/code/__torch__.py")).isEqualTo("class Ops(Module):\n");
  }
}
