package io.backdoorgrid.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
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

  /** The documents of a file, as trees. */
  private static List<JsonNode> kubernetes(String file) throws IOException {
    try (var documents =
        new YAMLMapper()
            .readerFor(JsonNode.class)
            .<JsonNode>readValues(Path.of("jobs/kubernetes", file).toFile())) {
      return documents.readAll();
    }
  }

  /** Each name that one file gives and another uses. */
  @Test
  void theKubernetesExampleFitsTogether() throws Exception {
    JsonNode account = kubernetes("account.yaml").get(0);
    JsonNode binding = kubernetes("account.yaml").get(2);
    String claim = kubernetes("results.yaml").get(0).at("/metadata/name").asText();
    JsonNode executor = kubernetes("executor.yaml").get(0).get("spec");
    JsonNode service = kubernetes("run.yaml").get(0);
    JsonNode driver = kubernetes("run.yaml").get(1).at("/spec/template");
    JsonNode container = driver.at("/spec/containers/0");
    var arguments = new ArrayList<String>();
    container.get("args").forEach(argument -> arguments.add(argument.asText()));

    String name = account.at("/metadata/name").asText();
    assertThat(binding.at("/subjects/0/name").asText()).isEqualTo(name);
    assertThat(driver.at("/spec/serviceAccountName").asText()).isEqualTo(name);
    assertThat(driver.at("/metadata/labels")).isEqualTo(service.at("/spec/selector"));
    assertThat(arguments)
        .contains(
            "--conf=spark.kubernetes.authenticate.serviceAccountName=" + name,
            "--conf=spark.driver.host=" + service.at("/metadata/name").asText(),
            "--conf=spark.driver.port=" + service.at("/spec/ports/0/port").asText());
    for (JsonNode pod : List.of(driver.get("spec"), executor)) {
      assertThat(pod.at("/volumes/0/persistentVolumeClaim/claimName").asText()).isEqualTo(claim);
      assertThat(pod.at("/containers/0/volumeMounts/0")).isEqualTo(container.at("/volumeMounts/0"));
    }
    var settings = new Properties();
    try (Reader file = Files.newBufferedReader(Path.of("jobs/conf/kubernetes.conf"))) {
      settings.load(file);
    }
    assertThat(container.get("image").asText())
        .isEqualTo(settings.getProperty("spark.kubernetes.container.image"));
  }

  /** What the image copies is there, and what the example calls is in the image. */
  @Test
  void theImageHoldsWhatTheExampleCalls() throws Exception {
    String recipe = Files.readString(Path.of("jobs/Dockerfile"));
    var copied =
        Pattern.compile("COPY --from=build /build/(\\S+) /opt/backdoor-grid/(\\S+)")
            .matcher(recipe)
            .results()
            .toList();
    assertThat(copied).hasSize(5).allMatch(copy -> copy.group(1).equals(copy.group(2)));
    List<String> paths = copied.stream().map(copy -> copy.group(1)).toList();
    assertThat(paths)
        .filteredOn(path -> !path.startsWith("target/"))
        .allMatch(path -> Files.exists(Path.of(path)));
    JsonNode container = kubernetes("run.yaml").get(1).at("/spec/template/spec/containers/0");
    for (String used :
        List.of(container.at("/command/0").asText(), container.at("/args/1").asText())) {
      Path inHome = Path.of("/opt/backdoor-grid").relativize(Path.of(used));
      assertThat(inHome).exists();
      assertThat(paths).contains(inHome.getName(0).toString());
    }
    assertThat(recipe).contains("apache/spark:4.2.0-scala2.13");
  }
}
