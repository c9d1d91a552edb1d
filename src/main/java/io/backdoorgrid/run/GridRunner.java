package io.backdoorgrid.run;

import io.backdoorgrid.defense.DataFreeDefense;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.store.Failure;
import io.backdoorgrid.store.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The driver: turns what is pending into Spark jobs of one task each.
 *
 * <p>A victim and its data-free trials, which are short, are one task; each dear trial is a task of
 * its own that starts when that one is done. Longest victims first, so that none is left alone at
 * the end.
 */
public final class GridRunner {

  private static final int MOST_JOBS_IN_FLIGHT = 512;

  private final JavaSparkContext spark;
  private final Environment environment;
  private final Store store;
  private final Progress progress;

  GridRunner(JavaSparkContext spark, Environment environment, Store store, Progress progress) {
    this.spark = spark;
    this.environment = environment;
    this.store = store;
    this.progress = progress;
  }

  /**
   * Runs all that is pending.
   *
   * @param failedBefore failures of earlier runs, by trial
   * @throws RunException if some tasks failed as often as Spark tries; what is committed stays
   */
  void run(Workload workload, Map<String, Failure> failedBefore) {
    CostModel costs = CostModel.of(workload.plan().trials(), workload.rows());
    Map<Victim, List<Trial>> byVictim =
        workload.pending().stream()
            .collect(Collectors.groupingBy(Trial::victim, LinkedHashMap::new, Collectors.toList()));
    List<Victim> order =
        byVictim.keySet().stream()
            .sorted(Comparator.comparingDouble((Victim v) -> -cost(v, byVictim.get(v), costs)))
            .toList();

    progress.started(workload, spark.defaultParallelism() * environment.threads());
    // A blocked thread per job in flight; Spark queues what it has no core for.
    ExecutorService threads =
        Executors.newFixedThreadPool(Math.min(workload.pending().size(), MOST_JOBS_IN_FLIGHT));
    try (var watch = new StoreWatch(store, workload.pending(), progress)) {
      var jobs = new Jobs(threads, watch, new CompletableFuture<>());
      var done =
          all(order.stream().map(v -> chain(v, byVictim.get(v), failedBefore, jobs)).toList());
      CompletableFuture.anyOf(done, jobs.lost()).join();
    } catch (CompletionException e) {
      throw RunException.of(e);
    } finally {
      spark.sc().cancelAllJobs();
      threads.shutdownNow();
      progress.finished();
    }
  }

  private static double cost(Victim victim, List<Trial> trials, CostModel costs) {
    return costs.seconds(victim) + trials.stream().mapToDouble(costs::seconds).sum();
  }

  /** The victim with its short trials, then the dear ones, all at once. */
  private CompletableFuture<Void> chain(
      Victim victim, List<Trial> trials, Map<String, Failure> failedBefore, Jobs jobs) {
    Map<Boolean, List<Trial>> split =
        trials.stream().collect(Collectors.partitioningBy(GridRunner::isShort));
    // A victim whose trials are all dear still has to be trained by one task, not by each of them.
    List<Trial> first = split.get(true).isEmpty() ? List.of(trials.get(0)) : split.get(true);
    List<Trial> later = trials.stream().filter(trial -> !first.contains(trial)).toList();
    return jobs.start(() -> job(victim, first, failedBefore))
        .thenCompose(
            outcomes ->
                failureOf(victim, outcomes)
                    .map(failure -> jobs.start(() -> failAll(later, failure)).thenAccept(o -> {}))
                    .orElseGet(
                        () ->
                            all(
                                later.stream()
                                    .map(
                                        t ->
                                            jobs.start(() -> job(victim, List.of(t), failedBefore)))
                                    .toList())));
  }

  private static CompletableFuture<Void> all(List<? extends CompletableFuture<?>> futures) {
    return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new));
  }

  /** Why there is no victim, if its training failed. */
  private Optional<Failure> failureOf(Victim victim, List<Outcome> outcomes) {
    return outcomes.stream()
        .filter(Outcome.Failed.class::isInstance)
        .map(outcome -> ((Outcome.Failed) outcome).failure())
        .findFirst()
        .filter(failure -> store.victim(victim.id().toString()).isEmpty());
  }

  /** Training would fail again in the same way. */
  private List<Outcome> failAll(List<Trial> trials, Failure cause) {
    var outcomes = new ArrayList<Outcome>();
    for (Trial trial : trials) {
      Failure failure = cause.of(trial.id().toString());
      store.commitFailure(failure);
      outcomes.add(new Outcome.Failed(failure.trial(), failure));
    }
    return outcomes;
  }

  /**
   * Starts jobs on threads of the driver and passes on what became of their trials.
   *
   * @param lost fails as soon as a job could not reach the store: what others compute would be lost
   *     as well
   */
  private record Jobs(ExecutorService threads, StoreWatch watch, CompletableFuture<Void> lost) {
    CompletableFuture<List<Outcome>> start(Supplier<List<Outcome>> job) {
      return CompletableFuture.supplyAsync(job, threads)
          .whenComplete(
              (outcomes, error) -> {
                if (outcomes != null) {
                  watch.report(outcomes);
                } else if (RunException.of(error).storeLost()) {
                  lost.completeExceptionally(error);
                }
              });
    }
  }

  private static boolean isShort(Trial trial) {
    return Defenses.REGISTRY.create(trial.defense()) instanceof DataFreeDefense;
  }

  private List<Outcome> job(Victim victim, List<Trial> trials, Map<String, Failure> failedBefore) {
    int failures =
        trials.stream()
            .map(trial -> failedBefore.get(trial.id().toString()))
            .mapToInt(failure -> failure == null ? 0 : failure.attempt())
            .max()
            .orElse(0);
    var task = new TrialsTask(environment, victim, trials, failures);
    spark.setJobGroup(victim.id().toString(), describe(victim, trials));
    return spark.parallelize(List.of(task), 1).map(TrialsTask::run).collect().get(0);
  }

  private static String describe(Victim victim, List<Trial> trials) {
    return "%s, %s, %s: %s"
        .formatted(
            victim.attack().name(),
            victim.dataset().name(),
            victim.model().name(),
            trials.stream().map(t -> t.defense().name()).collect(Collectors.joining(", ")));
  }
}
