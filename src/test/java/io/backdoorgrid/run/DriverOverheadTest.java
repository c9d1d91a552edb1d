package io.backdoorgrid.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.run.host.SparkLauncher;
import io.backdoorgrid.run.schedule.GridRunner;
import io.backdoorgrid.run.schedule.PlanStatus;
import io.backdoorgrid.run.schedule.Progress;
import io.backdoorgrid.run.task.Outcome;
import io.backdoorgrid.run.task.TrialsTask;
import io.backdoorgrid.store.Store;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the driver takes for each trial: jobs whose tasks do nothing. */
@Tag("slow")
class DriverOverheadTest {

  private static final int WARM_UP = 50;
  private static final int TRIALS = 300;
  private static final double MOST_SECONDS = 0.05;

  @TempDir Path folder;

  private static List<Outcome> nothing(TrialsTask task) {
    return task.trials().stream().<Outcome>map(DriverOverheadTest::finished).toList();
  }

  private static Outcome finished(Trial trial) {
    return new Outcome.Finished(trial.id().toString(), Grids.row(trial, 0, 0));
  }

  private double seconds(JavaSparkContext spark, Plan plan) {
    var conf = new Configuration();
    Store store = Store.open(folder.resolve("store").toString(), conf);
    var environment =
        new Environment(
            store.uri(), "data", new SerializableConfiguration(conf), 1, false, 60, "test", "test");
    var runner =
        new GridRunner(spark, environment, store, Progress.NONE, DriverOverheadTest::nothing);
    long start = System.nanoTime();
    runner.run(PlanStatus.of(plan, store), Map.of());
    return (System.nanoTime() - start) / 1e9;
  }

  @Test
  void isShort() {
    Plan first = SleepingGrid.plan(folder, WARM_UP, 0);
    var options =
        new RunOptions(
            "", "", OptionalInt.of(1), Optional.empty(), 0, Map.of(), false, false, false);
    try (var spark = SparkLauncher.start(SparkLauncher.configuration(first, options))) {
      seconds(spark, first);
      double seconds = seconds(spark, SleepingGrid.plan(folder, TRIALS, 1)) / TRIALS;
      System.out.printf("%.1f ms of the driver per trial%n", seconds * 1_000);
      assertThat(seconds).isLessThan(MOST_SECONDS);
    }
  }
}
