package io.backdoorgrid.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that a cluster cannot serve ends soon, with one line that says what to change. */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UnmetRequestTest {

  private static final int SECONDS = 20;

  @TempDir static Path folder;

  private static LoopbackCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = new LoopbackCluster(folder);
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static String refusal(String name, Map<String, String> settings) throws Exception {
    long start = System.nanoTime();
    Process process =
        cluster.submit(
            name,
            "io.backdoorgrid.cli.Main",
            settings,
            "run",
            "grids/quickstart.yaml",
            "--out",
            folder.resolve("out-" + name).toString());
    cluster.awaitExit(name, process, 1);
    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start))
        .as("seconds, with the start of Java and Spark")
        .isLessThan(SECONDS);
    List<String> lines = cluster.log(name).lines().filter(line -> line.contains("worker")).toList();
    assertThat(lines).as(cluster.log(name)).hasSize(1);
    return lines.get(0);
  }

  @Test
  @Order(1)
  void noWorkerAtAll() throws Exception {
    assertThat(refusal("none", Map.of()))
        .matches(
            "no worker has joined spark://\\S+; start some:"
                + " \\$SPARK_HOME/sbin/start-worker.sh spark://\\S+");
  }

  @ParameterizedTest
  @Order(2)
  @CsvSource({
    "spark.executor.cores,               3,  '3 cores, 700 MB, 1 GPU'",
    "spark.executor.memory,              5g, '1 core, 5,120 MB, 1 GPU'",
    "spark.executor.resource.gpu.amount, 2,  '1 core, 700 MB, 2 GPUs'",
  })
  void noWorkerOfThatSize(String setting, String value, String asked) throws Exception {
    if (!cluster.log("worker0").contains("Successfully registered")) {
      cluster.addWorker(2, "0");
    }
    assertThat(refusal(setting, Map.of(setting, value)))
        .matches(
            "no worker of spark://\\S+ has room for an executor of "
                + asked
                + "; they have up to 2 cores, 2,048 MB, 1 GPU; change --conf "
                + setting);
  }
}
