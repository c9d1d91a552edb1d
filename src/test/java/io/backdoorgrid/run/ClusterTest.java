package io.backdoorgrid.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Grids on a standalone cluster of two workers, each with a core to spare and a pretend GPU. */
@Tag("slow")
class ClusterTest {

  private static final Pattern TASK =
      Pattern.compile("TrialsTask: task (\\d+) (takes|gives back) (GPU \\d|no GPU)");

  private static final Map<String, String> BOTH_WORKERS =
      Map.of("spark.executor.cores", "2", "spark.cores.max", "4");

  @TempDir static Path folder;

  private static LoopbackCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = new LoopbackCluster(folder);
    cluster.addWorker(2, "0");
    cluster.addWorker(2, "1");
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static Process run(String name) throws IOException {
    var arguments = new ArrayList<>(List.of("run", "grids/quickstart.yaml"));
    SmallQuickstart.SETTINGS.forEach(setting -> arguments.addAll(List.of("--set", setting)));
    arguments.addAll(List.of("--out", folder.resolve("out-" + name).toString()));
    return cluster.submit(
        name, "io.backdoorgrid.cli.Main", BOTH_WORKERS, arguments.toArray(String[]::new));
  }

  private static Map<String, List<String>> numbers(String out) {
    return SmallQuickstart.numbers(folder.resolve(out));
  }

  private static Map<String, List<String>> undisturbed() {
    return SmallQuickstart.embedded(folder.resolve("embedded"));
  }

  private static List<MatchResult> tasks(String log) {
    return TASK.matcher(log).results().toList();
  }

  @Test
  void usesBothGpusEachForOneTaskAtATime() throws Exception {
    cluster.awaitExit("gpus", run("gpus"), 0);

    var addresses = new HashSet<String>();
    int withoutGpu = 0;
    int taken = 0;
    for (int worker = 0; worker < 2; worker++) {
      List<String> logs = cluster.executorLogs(worker);
      var held = new HashSet<String>();
      for (MatchResult line : tasks(logs.get(0))) {
        String device = line.group(3);
        boolean takes = line.group(2).equals("takes");
        taken += takes ? 1 : 0;
        if (device.equals("no GPU")) {
          withoutGpu += takes ? 1 : 0;
        } else {
          addresses.add(device);
          assertThat(takes ? held.add(device) : held.remove(device)).as(line.group()).isTrue();
        }
      }
      assertThat(held).isEmpty();
    }
    assertThat(addresses).containsExactlyInAnyOrder("GPU 0", "GPU 1");
    assertThat(withoutGpu).as("the data-free trials of two victims").isEqualTo(2);
    assertThat(taken).as("two victims, their data-free trials, and fine-tuning").isEqualTo(6);
    assertThat(numbers("out-gpus")).hasSize(12).isEqualTo(undisturbed());
    assertThat(Files.readString(eventLog()))
        .contains("badnets, shapes, resnet18, seed 0")
        .contains(": the victim\"")
        .contains(": 2 x clp, 2 x lpp, none\"");
  }

  private static Path eventLog() throws IOException {
    try (Stream<Path> files = Files.walk(cluster.events())) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("events_"))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void aKilledExecutorCostsAnAttemptAndNothingElse() throws Exception {
    int before = cluster.executorLogs(0).size();
    Process driver = run("killed");
    SparkInstallation.await(
        "a task on the first worker",
        () ->
            cluster.executorLogs(0).size() > before
                && tasks(cluster.executorLogs(0).get(before)).size() % 2 == 1);
    List<ProcessHandle> executors = cluster.executors(0);
    assertThat(executors).hasSize(1);
    executors.get(0).destroyForcibly();
    cluster.awaitExit("killed", driver, 0);

    assertThat(cluster.log("killed")).contains("lost attempt 1 at ").doesNotContain("failed, ");
    assertThat(numbers("out-killed")).isEqualTo(undisturbed());
    try (Stream<Path> rows = Files.list(folder.resolve("out-killed/rows"))) {
      assertThat(rows).hasSize(12);
    }
  }
}
