package io.backdoorgrid.run;

import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.run.host.SparkLauncher;
import io.backdoorgrid.run.schedule.GridRunner;
import io.backdoorgrid.run.schedule.PlanStatus;
import io.backdoorgrid.run.schedule.Progress;
import io.backdoorgrid.run.schedule.SparkJobs;
import io.backdoorgrid.run.task.Outcome;
import io.backdoorgrid.run.task.TrialsTask;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.row.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Equal trials that sleep instead of computing, through the real scheduler: what the cluster takes
 * beside the trials, on a machine that has too few cores for two workers' real ones.
 */
public final class SleepingGrid {

  private static final int WARM_UP = 100;

  private SleepingGrid() {}

  /** Sleeps for every trial and commits a row. */
  private record Sleep(long millis) implements SparkJobs.Body {
    @Override
    public List<Outcome> run(TrialsTask task) {
      Environment environment = task.environment();
      Store store = Store.open(environment.store(), environment.configuration());
      var outcomes = new ArrayList<Outcome>();
      for (Trial trial : task.trials()) {
        try {
          TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        Row row = Grids.row(trial, 0, millis / 1_000.0);
        store.commitRow(row);
        outcomes.add(new Outcome.Finished(row.id(), row));
      }
      return outcomes;
    }
  }

  /** One victim, and as many dear trials. */
  static Plan plan(Path folder, int trials, int seed) {
    return Grids.plan(
        folder,
        """
        victims: {dataset: cifar10, model: resnet18, attack: badnets, seed: %d}
        defenses: {ft: {epochs: %s}}
        """
            .formatted(seed, IntStream.rangeClosed(1, trials).boxed().toList()));
  }

  /**
   * Runs trials that are all pending.
   *
   * @return seconds from the first decision to the last row
   */
  static double seconds(JavaSparkContext spark, Plan plan, Path folder, long millis) {
    var conf = new Configuration();
    Store store = Store.open(folder.toString(), conf);
    var environment =
        new Environment(
            store.uri(), "data", new SerializableConfiguration(conf), 1, false, 60, "test", "test");
    long start = System.nanoTime();
    new GridRunner(spark, environment, store, Progress.NONE, new Sleep(millis))
        .run(PlanStatus.of(plan, store), Map.of());
    return (System.nanoTime() - start) / 1e9;
  }

  /**
   * As the main class of a submission: trials that do not sleep, until classes are loaded and
   * compiled everywhere, then those that count.
   *
   * @param arguments a folder, the number of trials, and milliseconds of each
   */
  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    int trials = Integer.parseInt(arguments[1]);
    long millis = Long.parseLong(arguments[2]);
    Plan first = plan(folder, WARM_UP, 0);
    var options =
        new RunOptions(
            "", "", OptionalInt.of(1), Optional.empty(), 0, Map.of(), false, false, false);
    SparkConf conf = SparkLauncher.configuration(first, options);
    try (JavaSparkContext spark = SparkLauncher.start(conf)) {
      seconds(spark, first, folder.resolve("store"), 0);
      double seconds = seconds(spark, plan(folder, trials, 1), folder.resolve("store"), millis);
      System.out.printf("took %.3f s%n", seconds);
    }
  }
}
