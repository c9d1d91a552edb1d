package io.backdoorgrid.run.schedule;

import io.backdoorgrid.run.RunException;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.run.host.ProcessorOnly;
import io.backdoorgrid.run.task.Outcome;
import io.backdoorgrid.run.task.TrialsTask;
import io.backdoorgrid.store.Failure;
import io.backdoorgrid.store.StoreException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;

/** Hands jobs to Spark and reports the outcomes of their trials. */
public final class SparkJobs implements AutoCloseable {

  /** What a task does, on an executor. */
  public interface Body extends Serializable {
    List<Outcome> run(TrialsTask task);
  }

  private final JavaSparkContext spark;
  private final Environment environment;
  private final Body body;
  private final Optional<ResourceProfile> processorOnly;
  private final Map<String, Failure> failedBefore;
  private final StoreWatch watch;
  private final JobQueue queue;
  private final TaskWatch listener;
  private final CompletableFuture<Void> lost = new CompletableFuture<>();

  /**
   * @param body what a task does
   * @param failedBefore failures of earlier runs, by trial
   */
  SparkJobs(
      JavaSparkContext spark,
      Environment environment,
      Body body,
      Map<String, Failure> failedBefore,
      CostModel costs,
      StoreWatch watch) {
    this.spark = spark;
    this.environment = environment;
    this.body = body;
    this.processorOnly = ProcessorOnly.profile(spark.getConf());
    this.failedBefore = failedBefore;
    this.watch = watch;
    this.queue = new JobQueue(costs, this::run);
    this.listener = new TaskWatch(queue::started, watch::lost);
    spark.sc().addSparkListener(listener);
  }

  /** Whether some tasks can leave the GPUs to others. */
  boolean leaveGpusToOthers() {
    return processorOnly.isPresent();
  }

  /** Lets the jobs run that were submitted before, and all that follow. */
  void open() {
    queue.open();
  }

  CompletableFuture<List<Outcome>> start(Job job) {
    return queue
        .submit(job)
        .whenComplete(
            (outcomes, error) -> {
              if (outcomes != null) {
                watch.report(outcomes);
                unstored(outcomes).ifPresent(lost::completeExceptionally);
                firstFailure(outcomes).ifPresent(lost::completeExceptionally);
              } else if (RunException.of(error).storeLost()) {
                lost.completeExceptionally(error);
              }
            });
  }

  private static Optional<StoreException> unstored(List<Outcome> outcomes) {
    return outcomes.stream()
        .filter(Outcome.Unstored.class::isInstance)
        .map(outcome -> new StoreException(((Outcome.Unstored) outcome).reason(), false))
        .findFirst();
  }

  private Optional<RunException> firstFailure(List<Outcome> outcomes) {
    return environment.failFast()
        ? outcomes.stream()
            .filter(Outcome.Failed.class::isInstance)
            .map(outcome -> RunException.failedFast(((Outcome.Failed) outcome).failure()))
            .findFirst()
        : Optional.empty();
  }

  /**
   * Fails as soon as a job could not reach the store: what others compute would be lost as well.
   */
  CompletableFuture<Void> lost() {
    return lost;
  }

  private List<Outcome> run(Job job, int ticket) {
    boolean alone = job.place() == Job.Place.PROCESSOR;
    var task =
        new TrialsTask(
            environment, job.victim(), job.trials(), job.dependents(), !alone, failures(job));
    spark.setJobGroup(job.victim().id().toString(), job.description());
    spark.setLocalProperty(TaskWatch.TICKET, Integer.toString(ticket));
    JavaRDD<TrialsTask> tasks = spark.parallelize(List.of(task), 1);
    Body what = body; // not this object, which cannot travel
    JavaRDD<List<Outcome>> outcomes = tasks.map(what::run);
    return (alone ? outcomes.withResources(processorOnly.orElseThrow()) : outcomes)
        .collect()
        .get(0);
  }

  private int failures(Job job) {
    return Stream.concat(job.trials().stream(), job.dependents().stream())
        .map(trial -> failedBefore.get(trial.id().toString()))
        .mapToInt(failure -> failure == null ? 0 : failure.attempt())
        .max()
        .orElse(0);
  }

  @Override
  public void close() {
    queue.close();
    if (!spark.sc().isStopped()) {
      spark.sc().cancelAllJobs();
      spark.sc().removeSparkListener(listener);
    }
  }
}
