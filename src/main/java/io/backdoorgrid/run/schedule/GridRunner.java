package io.backdoorgrid.run.schedule;

import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.run.RunException;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.run.host.SparkLauncher;
import io.backdoorgrid.store.Failure;
import io.backdoorgrid.store.Store;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;

/** The driver: runs all that is pending, as Spark jobs of one task each. */
public final class GridRunner {

  private final JavaSparkContext spark;
  private final Environment environment;
  private final Store store;
  private final Progress progress;
  private final SparkJobs.Body body;

  /**
   * @param body what a task does, on an executor
   */
  public GridRunner(
      JavaSparkContext spark,
      Environment environment,
      Store store,
      Progress progress,
      SparkJobs.Body body) {
    this.spark = spark;
    this.environment = environment;
    this.store = store;
    this.progress = progress;
    this.body = body;
  }

  /**
   * Runs all that is pending.
   *
   * @param failedBefore failures of earlier runs, by trial
   * @throws RunException if some tasks failed as often as Spark tries; what is committed stays
   */
  public void run(PlanStatus workload, Map<String, Failure> failedBefore) {
    CostModel costs = CostModel.of(workload.plan().trials(), workload.rows());
    Map<Victim, List<Trial>> byVictim =
        workload.pending().stream()
            .collect(Collectors.groupingBy(Trial::victim, LinkedHashMap::new, Collectors.toList()));
    progress.started(workload, SparkLauncher.slots(spark, environment.threads()));
    try (var watch = new StoreWatch(store, workload.pending(), costs, progress);
        var jobs = new SparkJobs(spark, environment, body, failedBefore, costs, watch)) {
      CompletableFuture<Void> done =
          new JobGraph(jobs, new HashSet<>(workload.victimsToTrain())).start(byVictim);
      jobs.open();
      CompletableFuture.anyOf(done, jobs.lost()).join();
    } catch (CompletionException e) {
      throw RunException.of(e);
    } finally {
      progress.finished();
    }
  }
}
