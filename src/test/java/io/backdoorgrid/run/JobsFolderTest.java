package io.backdoorgrid.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.spark.internal.config.ConfigEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies in {@code jobs/}. */
class JobsFolderTest {

  /** Families of settings, and those of parts of Spark that are not on the class path. */
  private static final Pattern OPEN_ENDED =
      Pattern.compile(
          "spark\\.(executorEnv\\.\\w+|kubernetes\\..+|history\\..+|(executor|task)\\.resource\\.gpu\\.\\w+)");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"standalone", "yarn", "kubernetes"})
  void configurationsHoldSettingsThatSparkKnows(String cluster) throws Exception {
    // Spark knows its settings when these classes are loaded, by whatever test comes first.
    Class.forName("org.apache.spark.internal.config.package$");
    Class.forName("org.apache.spark.internal.config.History$");
    var settings = new Properties();
    try (Reader file = Files.newBufferedReader(Path.of("jobs/conf", cluster + ".conf"))) {
      settings.load(file);
    }
    assertThat(settings.stringPropertyNames())
        .contains("spark.task.resource.gpu.amount", "spark.eventLog.dir")
        .allMatch(
            key -> OPEN_ENDED.matcher(key).matches() || ConfigEntry.findEntry(key) != null,
            "is known");
    assertThat(settings.getProperty("spark.history.fs.logDirectory"))
        .isEqualTo(settings.getProperty("spark.eventLog.dir"));
  }

  private String discovered(Map<String, String> environment) throws Exception {
    Path smi =
        Files.writeString(folder.resolve("nvidia-smi"), "#!/bin/sh\nprintf '0\\n1\\n2\\n'\n");
    Files.setPosixFilePermissions(smi, PosixFilePermissions.fromString("rwx------"));
    var builder = new ProcessBuilder("jobs/gpu-discovery");
    builder.environment().remove("CUDA_VISIBLE_DEVICES");
    builder.environment().merge("PATH", folder.toString(), (path, first) -> first + ":" + path);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String json = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return json.strip();
  }

  @Test
  void discoveryNumbersTheCardsOfTheMachine() throws Exception {
    assertThat(discovered(Map.of()))
        .isEqualTo("{\"name\": \"gpu\", \"addresses\": [\"0\",\"1\",\"2\"]}");
  }

  @ParameterizedTest
  @CsvSource({"'4,6', '\"0\",\"1\"'", "'', ''"})
  void discoveryNumbersTheVisibleCardsFromZero(String visible, String addresses) throws Exception {
    assertThat(discovered(Map.of("CUDA_VISIBLE_DEVICES", visible)))
        .isEqualTo("{\"name\": \"gpu\", \"addresses\": [" + addresses + "]}");
  }
}
