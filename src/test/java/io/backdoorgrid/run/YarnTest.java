package io.backdoorgrid.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.backdoorgrid.run.SparkInstallation.Master;
import io.backdoorgrid.run.host.SparkLauncher;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Grids on Hadoop's YARN. */
@Tag("slow")
class YarnTest {
  private static final int SECONDS = 20;

  @TempDir static Path folder;

  private static LoopbackYarn yarn;
  private static SparkInstallation spark;

  @BeforeAll
  static void start() throws Exception {
    spark = new SparkInstallation(folder);
    yarn = new LoopbackYarn(folder);
  }

  @AfterAll
  static void stop() {
    if (yarn != null) {
      yarn.close();
    }
    spark.close();
  }

  private static Process run(String name, Master master, Map<String, String> settings)
      throws Exception {
    var conf =
        new TreeMap<>(
            Map.of(
                "spark.yarn.jars", "local:" + spark.sparkJars() + "/*",
                "spark.yarn.stagingDir", folder.resolve("staging").toUri().toString(),
                "spark.files", Path.of("jobs/gpu-discovery").toUri().toString(),
                "spark.executor.memoryOverhead", "300m",
                "spark.yarn.am.memory", "512m",
                "spark.driver.memory", "700m",
                "spark.executor.resource.gpu.amount", "0",
                "spark.task.resource.gpu.amount", "0",
                "spark.excludeOnFailure.enabled", "false"));
    conf.putAll(settings);
    var arguments =
        new ArrayList<>(
            List.of("run", Path.of("grids/quickstart.yaml").toAbsolutePath().toString()));
    SmallQuickstart.SETTINGS.forEach(setting -> arguments.addAll(List.of("--set", setting)));
    arguments.addAll(List.of("--out", folder.resolve("out-" + name).toString()));
    return spark.submit(
        name, "io.backdoorgrid.cli.Main", master, conf, arguments.toArray(String[]::new));
  }

  private static Map<String, List<String>> undisturbed() {
    return SmallQuickstart.embedded(folder.resolve("embedded"));
  }

  @Test
  void aKilledExecutorCostsAnAttemptAndNothingElse() throws Exception {
    Process driver = run("killed", yarn.master(), Map.of("spark.executor.cores", "2"));
    Path rows = folder.resolve("out-killed/rows");
    SparkInstallation.await("a row", () -> SmallQuickstart.hasRow(rows) || !driver.isAlive());
    List<ProcessHandle> executors = LoopbackYarn.executors();
    assertThat(executors).as(spark.log("killed")).isNotEmpty();
    executors.get(0).destroyForcibly();
    spark.awaitExit("killed", driver, 0);

    assertThat(SmallQuickstart.numbers(folder.resolve("out-killed")))
        .hasSize(12)
        .isEqualTo(undisturbed());
  }

  @Test
  void theDriverRunsOnTheCluster() throws Exception {
    Process submission =
        run(
            "cluster",
            yarn.master(),
            Map.of(
                "spark.submit.deployMode",
                "cluster",
                "spark.yarn.appMasterEnv.SPARK_LOCAL_IP",
                "127.0.0.1",
                "spark.driver.extraJavaOptions",
                "-Dbackdoorgrid.home=" + Path.of("").toAbsolutePath()));
    spark.awaitExit("cluster", submission, 0);
    assertThat(SmallQuickstart.numbers(folder.resolve("out-cluster")))
        .hasSize(12)
        .isEqualTo(undisturbed());
  }

  /** What starting a driver here says, before Spark itself tries for minutes. */
  private static String refusal(String address, Map<String, String> settings) {
    var conf =
        new SparkConf()
            .setMaster("yarn")
            .setAppName("refused")
            .set("spark.hadoop.yarn.resourcemanager.address", address)
            .set("spark.executor.memory", "700m")
            .set("spark.executor.memoryOverhead", "300m");
    settings.forEach(conf::set);
    long start = System.nanoTime();
    Throwable refused = catchThrowable(() -> SparkLauncher.start(conf));
    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isLessThan(SECONDS);
    assertThat(refused).isInstanceOf(RunException.class);
    return refused.getMessage();
  }

  @ParameterizedTest
  @CsvSource({
    "spark.executor.cores,               5,  '5 cores, 1,000 MB, 0 GPUs'",
    "spark.executor.memory,              6g, '1 core, 6,444 MB, 0 GPUs'",
    "spark.executor.resource.gpu.amount, 1,  '1 core, 1,000 MB, 1 GPU'",
  })
  void anExecutorOfThatSizeIsRefused(String setting, String value, String asked) {
    assertThat(refusal(yarn.address(), Map.of(setting, value)))
        .isEqualTo(
            "YARN has no room for an executor of "
                + asked
                + " (memory with spark.executor.memoryOverhead); it gives up to 4 cores, 6,144 MB,"
                + " 0 GPUs; change --conf "
                + setting);
  }

  @Test
  void aResourceManagerThatIsNotThere() throws Exception {
    String address;
    try (var free = new ServerSocket(0)) {
      address = "127.0.0.1:" + free.getLocalPort();
    }
    assertThat(refusal(address, Map.of()))
        .isEqualTo(
            "no YARN resource manager answers (%s: Connection refused); is HADOOP_CONF_DIR the"
                    .formatted(address)
                + " folder of its yarn-site.xml?");
  }
}
