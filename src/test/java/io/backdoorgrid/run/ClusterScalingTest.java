package io.backdoorgrid.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that come to a cluster. */
@Tag("slow")
class ClusterScalingTest {

  private static final int TRIALS = 20;
  private static final long MILLIS = 600;
  private static final Pattern TOOK = Pattern.compile("took ([0-9.]+) s");

  /** CPU-only: what the comments of {@code jobs/conf} say to set where there are no GPUs. */
  private static final Map<String, String> NO_GPUS =
      Map.of(
          "spark.executor.resource.gpu.amount", "0",
          "spark.task.resource.gpu.amount", "0");

  @TempDir Path folder;

  @Test
  void twoWorkersTakeHalfTheTimeOfOne() throws Exception {
    try (var cluster = new LoopbackCluster(folder)) {
      cluster.addWorker(1, "0");
      double one = seconds(cluster, "one", "1");
      cluster.addWorker(1, "1");
      double two = seconds(cluster, "two", "2");

      double asleep = TRIALS * MILLIS / 1_000.0;
      System.out.printf(
          "%d trials that sleep %d ms: %.2f s on one worker, of which %.2f s asleep and %.1f ms beside"
              + " each; %.2f s on two, of which %.2f s asleep and %.1f ms beside each: %.2f times as"
              + " fast%n",
          TRIALS,
          MILLIS,
          one,
          asleep,
          (one - asleep) * 1_000 / TRIALS,
          two,
          asleep / 2,
          (two - asleep / 2) * 1_000 / TRIALS,
          one / two);
      assertThat(one / two).isGreaterThan(1.8);
    }
  }

  private double seconds(LoopbackCluster cluster, String name, String cores) throws Exception {
    var settings = new java.util.HashMap<>(NO_GPUS);
    settings.put("spark.cores.max", cores);
    Path work = Files.createDirectories(folder.resolve("work-" + name));
    Process driver =
        cluster.submit(
            name,
            SleepingGrid.class.getName(),
            settings,
            work.toString(),
            Integer.toString(TRIALS),
            Long.toString(MILLIS));
    cluster.awaitExit(name, driver, 0);
    var took = TOOK.matcher(cluster.log(name));
    assertThat(took.find()).as(cluster.log(name)).isTrue();
    return Double.parseDouble(took.group(1));
  }
}
