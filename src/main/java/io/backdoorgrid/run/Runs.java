package io.backdoorgrid.run;

import io.backdoorgrid.data.BadDataException;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.run.host.SparkLauncher;
import io.backdoorgrid.run.host.Version;
import io.backdoorgrid.run.schedule.FrozenPlan;
import io.backdoorgrid.run.schedule.GridRunner;
import io.backdoorgrid.run.schedule.PlanStatus;
import io.backdoorgrid.run.schedule.Progress;
import io.backdoorgrid.run.task.TrialsTask;
import io.backdoorgrid.run.victim.DataFolders;
import io.backdoorgrid.store.Failure;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.StoreException;
import io.backdoorgrid.store.lease.Lease;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.util.SerializableConfiguration;

/** Runs plans for the command line. */
public final class Runs {

  private Runs() {}

  /**
   * Runs what is missing of a plan.
   *
   * @return the plan beside its results, when all is done
   * @throws BadDataException if tasks run on this machine, and a data set is missing or damaged
   * @throws io.backdoorgrid.store.StoreException if there is no way to read and write results, or
   *     another driver does so
   * @throws RunException if the run was cut off
   */
  public static PlanStatus run(Plan plan, RunOptions options, Progress progress) {
    SparkConf conf = SparkLauncher.configuration(plan, options);
    Configuration hadoop = SparkHadoopUtil.get().newConfiguration(conf);
    if (SparkLauncher.isLocal(conf) && Store.find(options.out(), hadoop).isEmpty()) {
      DataFolders.read(datasets(plan.trials()), Path.of(options.dataDirectory()));
    }
    Store store = Store.open(options.out(), hadoop);
    try (Lease lease = options.waits() ? store.awaitLease(progress::waiting) : store.lease()) {
      FrozenPlan.of(plan).commit(store);
      Map<String, Failure> failedBefore = store.failures();
      PlanStatus workload = PlanStatus.toRun(plan, store, options.retryFailed());
      if (workload.pending().isEmpty()) {
        return workload;
      }
      if (SparkLauncher.isLocal(conf)) {
        DataFolders.read(datasets(workload.pending()), Path.of(options.dataDirectory()));
      }
      store.removeNotes();
      var environment =
          new Environment(
              store.uri(),
              Path.of(options.dataDirectory()).toAbsolutePath().toString(),
              new SerializableConfiguration(hadoop),
              SparkLauncher.threads(conf),
              options.failFast(),
              SparkLauncher.checkpointSeconds(conf),
              Version.number(),
              Version.commit());
      try (var interruption =
              new Interruption(() -> interrupted(workload, progress, store, lease));
          var spark = SparkLauncher.start(conf)) {
        lease.whenLost(spark::stop);
        try {
          SparkLauncher.awaitExecutor(spark, progress::waiting);
          new GridRunner(spark, environment, store, progress, TrialsTask::run)
              .run(workload, failedBefore);
        } catch (RunException e) {
          interruption.sleepIfEnding();
          throw lease.lostTo().map(RunException::superseded).orElse(e);
        }
      }
      return PlanStatus.of(plan, store);
    }
  }

  private static void interrupted(
      PlanStatus workload, Progress progress, Store store, Lease lease) {
    try {
      progress.interrupted(workload.rows().size() + finished(workload, store));
      store.removeNotes();
    } catch (StoreException e) {
      // Others see by the lease that no one runs.
    }
    lease.close();
  }

  private static int finished(PlanStatus workload, Store store) {
    Set<String> listed = store.listed();
    return (int)
        workload.pending().stream().filter(trial -> listed.contains(trial.id().toString())).count();
  }

  private static Set<Spec> datasets(List<Trial> trials) {
    return trials.stream().map(trial -> trial.victim().dataset()).collect(Collectors.toSet());
  }

  /**
   * The cluster that a run's tasks go to; empty if they stay in this process.
   *
   * @param master as in {@link RunOptions}
   */
  public static Optional<String> cluster(Optional<String> master) {
    return SparkLauncher.cluster(master);
  }

  /**
   * Settings of Hadoop's file systems as a run has them.
   *
   * @param settings of Spark; those that start with {@code spark.hadoop.} are meant
   */
  public static Configuration hadoop(Map<String, String> settings) {
    var conf = new SparkConf();
    settings.forEach(conf::set);
    return SparkHadoopUtil.get().newConfiguration(conf);
  }
}
