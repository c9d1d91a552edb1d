package io.backdoorgrid.run.schedule;

import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.grid.VictimId;
import io.backdoorgrid.run.schedule.Job.Place;
import io.backdoorgrid.run.task.Outcome;
import io.backdoorgrid.run.victim.CleanVictims;
import io.backdoorgrid.run.victim.ExtractorSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The jobs of a plan and their dependencies.
 *
 * <p>A victim and its data-free trials, which are short, are one task; where tasks hold GPUs, the
 * data-free trials are a task of their own that holds none. Each expensive trial is a task of its
 * own that starts when the victim exists; trials that share work are one task. Trials that begin
 * with an extractor wait for the one among them that makes it; victims whose attack needs a
 * surrogate wait for that clean victim.
 *
 * @param missing victims that the store does not have
 * @param victims the job that makes each victim
 */
record JobGraph(
    SparkJobs jobs, Set<Victim> missing, Map<VictimId, CompletableFuture<List<Outcome>>> victims) {

  JobGraph(SparkJobs jobs, Set<Victim> missing) {
    this(jobs, missing, new ConcurrentHashMap<>());
  }

  /** All victims with their trials. */
  CompletableFuture<Void> start(Map<Victim, List<Trial>> byVictim) {
    // Clean victims first: surrogates, when asked for, are then found among them.
    return all(
        Stream.of(false, true)
            .flatMap(
                last ->
                    byVictim.keySet().stream()
                        .filter(v -> CleanVictims.surrogate(v).isPresent() == last))
            .map(victim -> start(victim, byVictim.get(victim)))
            .toList());
  }

  private CompletableFuture<Void> start(Victim victim, List<Trial> trials) {
    return CleanVictims.surrogate(victim)
        .map(clean -> cleanVictim(clean, work(victim, trials)))
        .orElseGet(JobGraph::nothing)
        .thenCompose(ready -> startVictim(victim, trials))
        .thenCompose(outcomes -> startFollowers(victim, unfailed(trials, outcomes)));
  }

  /** The victim, with its short trials where these need no task of their own. */
  private CompletableFuture<List<Outcome>> startVictim(Victim victim, List<Trial> trials) {
    boolean apart = jobs.leaveGpusToOthers();
    if (apart && !missing.contains(victim) && trials.stream().allMatch(JobGraph::isShort)) {
      return CompletableFuture.completedFuture(List.of());
    }
    List<Trial> first = apart ? List.of() : trials.stream().filter(JobGraph::isShort).toList();
    List<Trial> later = trials.stream().filter(trial -> !first.contains(trial)).toList();
    var job = new Job(Place.DEVICE, victim, first, later, work(victim, trials));
    CompletableFuture<List<Outcome>> outcomes = jobs.start(job);
    victims.put(victim.id(), outcomes);
    return outcomes;
  }

  private Cost work(Victim victim, List<Trial> trials) {
    Cost training = missing.contains(victim) ? CostModel.work(victim) : Cost.NONE;
    return training.plus(CostModel.work(trials));
  }

  private static List<Trial> unfailed(List<Trial> trials, List<Outcome> outcomes) {
    Set<String> failed =
        outcomes.stream()
            .filter(Outcome.Failed.class::isInstance)
            .map(Outcome::trial)
            .collect(Collectors.toSet());
    return trials.stream().filter(trial -> !failed.contains(trial.id().toString())).toList();
  }

  /** What has to wait until the victim is there. */
  private CompletableFuture<Void> startFollowers(Victim victim, List<Trial> trials) {
    Map<Spec, List<Trial>> byExtractor =
        trials.stream()
            .filter(trial -> !isShort(trial))
            .collect(
                Collectors.groupingBy(Trial::extractor, LinkedHashMap::new, Collectors.toList()));
    Stream<CompletableFuture<Void>> dear =
        byExtractor.entrySet().stream()
            .map(group -> startGroup(victim, group.getKey(), group.getValue()));
    return all(Stream.concat(Stream.of(startShort(victim, trials)), dear).toList());
  }

  /** Without a GPU; if the victim turns out to be damaged, with the one that mends it. */
  private CompletableFuture<Void> startShort(Victim victim, List<Trial> trials) {
    List<Trial> shortOnes = trials.stream().filter(JobGraph::isShort).toList();
    if (!jobs.leaveGpusToOthers() || shortOnes.isEmpty()) {
      return nothing();
    }
    return jobs.start(Job.of(Place.PROCESSOR, victim, shortOnes))
        .thenCompose(
            outcomes ->
                outcomes.isEmpty()
                    ? jobs.start(Job.of(Place.DEVICE, victim, shortOnes))
                    : CompletableFuture.completedFuture(outcomes))
        .thenAccept(outcomes -> {});
  }

  /** Trials with the same extractor, or with none. */
  private CompletableFuture<Void> startGroup(Victim victim, Spec extractor, List<Trial> trials) {
    if (extractor.equals(Spec.NONE)) {
      return startApart(victim, trials);
    }
    Map<Boolean, List<Trial>> split =
        trials.stream().collect(Collectors.partitioningBy(JobGraph::sharesWork));
    List<Trial> first = split.get(true).isEmpty() ? List.of(trials.get(0)) : split.get(true);
    List<Trial> later = trials.stream().filter(trial -> !first.contains(trial)).toList();
    Cost work = CostModel.work(trials);
    return ExtractorSource.of(victim, extractor)
        .donor()
        .map(donor -> cleanVictim(donor, work))
        .orElseGet(JobGraph::nothing)
        .thenCompose(ready -> jobs.start(new Job(Place.DEVICE, victim, first, List.of(), work)))
        .thenCompose(outcomes -> startApart(victim, later));
  }

  /** Trials that share work in one task, one after another; the others in a task each. */
  private CompletableFuture<Void> startApart(Victim victim, List<Trial> trials) {
    Map<Object, List<Trial>> tasks =
        trials.stream()
            .collect(
                Collectors.groupingBy(JobGraph::sharing, LinkedHashMap::new, Collectors.toList()));
    return all(
        tasks.values().stream()
            .map(together -> jobs.start(Job.of(Place.DEVICE, victim, together)))
            .toList());
  }

  /** Equal for trials on a victim that share work. */
  private static Object sharing(Trial trial) {
    return sharesWork(trial) ? List.of(trial.defense().name(), trial.cleanRatio()) : trial.id();
  }

  /** A clean victim that others need; if it fails, so will the trials that try. */
  private CompletableFuture<Void> cleanVictim(Victim clean, Cost behind) {
    Cost work = work(clean, List.of()).plus(behind);
    return victims
        .computeIfAbsent(
            clean.id(), id -> jobs.start(new Job(Place.DEVICE, clean, List.of(), List.of(), work)))
        .handle((outcomes, error) -> null);
  }

  private static CompletableFuture<Void> nothing() {
    return CompletableFuture.completedFuture(null);
  }

  private static CompletableFuture<Void> all(List<? extends CompletableFuture<?>> futures) {
    return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new));
  }

  private static boolean isShort(Trial trial) {
    return Defenses.REGISTRY.create(trial.defense()).isShort();
  }

  private static boolean sharesWork(Trial trial) {
    return Defenses.REGISTRY.create(trial.defense()).sharesWork();
  }
}
