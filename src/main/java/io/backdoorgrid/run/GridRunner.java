package io.backdoorgrid.run;

import io.backdoorgrid.defense.DataFreeDefense;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.defense.TrainingDefense;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.grid.VictimId;
import io.backdoorgrid.store.Failure;
import io.backdoorgrid.store.Store;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The driver: turns what is pending into Spark jobs of one task each.
 *
 * <p>A victim and its data-free trials, which are short, are one task; each dear trial is a task of
 * its own that starts when that one is done. Trials that begin with an extractor wait for the one
 * among them that makes it; victims whose attack needs a surrogate wait for that clean victim.
 * Longest victims first, so that none is left alone at the end.
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
      var jobs =
          new Jobs(
              threads, watch, failedBefore, new ConcurrentHashMap<>(), new CompletableFuture<>());
      order.stream()
          .filter(victim -> CleanVictims.surrogate(victim).isEmpty())
          .forEach(victim -> startVictim(victim, byVictim.get(victim), jobs));
      order.stream()
          .filter(victim -> CleanVictims.surrogate(victim).isPresent())
          .forEach(victim -> startVictim(victim, byVictim.get(victim), jobs));
      var done = all(order.stream().map(v -> followers(v, byVictim.get(v), jobs)).toList());
      CompletableFuture.anyOf(done, jobs.lost()).join();
    } catch (CompletionException e) {
      throw RunException.of(e);
    } finally {
      if (!spark.sc().isStopped()) {
        spark.sc().cancelAllJobs();
      }
      threads.shutdownNow();
      progress.finished();
    }
  }

  private static double cost(Victim victim, List<Trial> trials, CostModel costs) {
    return costs.seconds(victim) + trials.stream().mapToDouble(costs::seconds).sum();
  }

  /** The victim with its short trials; after its surrogate, if its attack needs one. */
  private void startVictim(Victim victim, List<Trial> trials, Jobs jobs) {
    List<Trial> first = trials.stream().filter(GridRunner::isShort).toList();
    List<Trial> later = trials.stream().filter(trial -> !isShort(trial)).toList();
    Supplier<List<Outcome>> job = () -> job(victim, first, later, jobs);
    jobs.victims()
        .put(
            victim.id(),
            CleanVictims.surrogate(victim)
                .map(clean -> cleanVictim(clean, jobs).thenCompose(there -> jobs.start(job)))
                .orElseGet(() -> jobs.start(job)));
  }

  /** The dear trials, when the victim is there. */
  private CompletableFuture<Void> followers(Victim victim, List<Trial> trials, Jobs jobs) {
    return jobs.victims()
        .get(victim.id())
        .thenCompose(
            outcomes -> {
              Set<String> failed =
                  outcomes.stream()
                      .filter(Outcome.Failed.class::isInstance)
                      .map(Outcome::trial)
                      .collect(Collectors.toSet());
              Map<Spec, List<Trial>> byExtractor =
                  trials.stream()
                      .filter(trial -> !isShort(trial) && !failed.contains(trial.id().toString()))
                      .collect(
                          Collectors.groupingBy(
                              Trial::extractor, LinkedHashMap::new, Collectors.toList()));
              return all(
                  byExtractor.entrySet().stream()
                      .map(group -> start(victim, group.getKey(), group.getValue(), jobs))
                      .toList());
            });
  }

  /** Trials with the same extractor, or with none. */
  private CompletableFuture<Void> start(
      Victim victim, Spec extractor, List<Trial> trials, Jobs jobs) {
    if (extractor.equals(Spec.NONE)) {
      return startEach(victim, trials, jobs);
    }
    Map<Boolean, List<Trial>> split =
        trials.stream().collect(Collectors.partitioningBy(GridRunner::sharesWork));
    List<Trial> first = split.get(true).isEmpty() ? List.of(trials.get(0)) : split.get(true);
    List<Trial> later = trials.stream().filter(trial -> !first.contains(trial)).toList();
    CompletableFuture<Void> ready =
        PretrainedExtractor.donor(victim, extractor)
            .map(donor -> cleanVictim(donor, jobs))
            .orElseGet(() -> CompletableFuture.completedFuture(null));
    return ready
        .thenCompose(there -> jobs.start(() -> job(victim, first, List.of(), jobs)))
        .thenCompose(outcomes -> startEach(victim, later, jobs));
  }

  private CompletableFuture<Void> startEach(Victim victim, List<Trial> trials, Jobs jobs) {
    return all(
        trials.stream()
            .map(trial -> jobs.start(() -> job(victim, List.of(trial), List.of(), jobs)))
            .toList());
  }

  /** A clean victim that others need; if it fails, so will the trials that try. */
  private CompletableFuture<Void> cleanVictim(Victim clean, Jobs jobs) {
    return jobs.victims()
        .computeIfAbsent(clean.id(), id -> jobs.start(() -> job(clean, List.of(), List.of(), jobs)))
        .handle((outcomes, error) -> null);
  }

  private static CompletableFuture<Void> all(List<? extends CompletableFuture<?>> futures) {
    return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new));
  }

  /**
   * Starts jobs on threads of the driver and passes on what became of their trials.
   *
   * @param victims the job that makes each victim
   * @param lost fails as soon as a job could not reach the store: what others compute would be lost
   *     as well
   */
  private record Jobs(
      ExecutorService threads,
      StoreWatch watch,
      Map<String, Failure> failedBefore,
      Map<VictimId, CompletableFuture<List<Outcome>>> victims,
      CompletableFuture<Void> lost) {
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

  private static boolean sharesWork(Trial trial) {
    return Defenses.REGISTRY.create(trial.defense()) instanceof TrainingDefense training
        && training.sharesWork();
  }

  private List<Outcome> job(Victim victim, List<Trial> trials, List<Trial> dependents, Jobs jobs) {
    int failures =
        Stream.concat(trials.stream(), dependents.stream())
            .map(trial -> jobs.failedBefore().get(trial.id().toString()))
            .mapToInt(failure -> failure == null ? 0 : failure.attempt())
            .max()
            .orElse(0);
    var task = new TrialsTask(environment, victim, trials, dependents, failures);
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
