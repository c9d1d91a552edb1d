package io.backdoorgrid.run.task;

import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.run.host.Devices;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.run.victim.Material;
import io.backdoorgrid.run.victim.TrainedVictim;
import io.backdoorgrid.store.DamagedException;
import io.backdoorgrid.store.Failure;
import io.backdoorgrid.store.Host;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.StoreException;
import io.backdoorgrid.store.row.Row;
import io.backdoorgrid.torch.Torch;
import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one Spark task does: obtain a victim, run some of its trials, commit each as it is done.
 *
 * <p>Failures that would repeat themselves are committed as failures and end neither the other
 * trials nor the job; others are thrown, so that Spark tries elsewhere. Whatever was committed
 * before is then found done.
 *
 * @param trials of that victim that are run
 * @param dependents its other trials, which fail with it if it cannot be trained
 * @param trains whether it may train the victim; a task without the GPU that others train on leaves
 *     a victim that is not there to them, and returns nothing
 * @param failedBefore how often these trials have failed in earlier runs
 */
public record TrialsTask(
    Environment environment,
    Victim victim,
    List<Trial> trials,
    List<Trial> dependents,
    boolean trains,
    int failedBefore)
    implements Serializable {

  private static final Logger LOG = LoggerFactory.getLogger(TrialsTask.class);

  public List<Outcome> run() {
    String device = Devices.assigned().map(address -> "GPU " + address).orElse("no GPU");
    LOG.info("{} takes {} for {} trials on victim {}", task(), device, trials.size(), victim.id());
    try {
      return commitAll();
    } finally {
      LOG.info("{} gives back {}", task(), device);
    }
  }

  private static String task() {
    TaskContext context = TaskContext.get();
    return context == null ? "a task" : "task " + context.taskAttemptId();
  }

  private List<Outcome> commitAll() {
    Torch.prepareThread(environment.threads());
    Store store = Store.open(environment.store(), environment.configuration());
    try (var note = new RunningNote(store, id())) {
      return run(store, note);
    }
  }

  /** By which the task is known: its first trial, or the victim that is all it makes. */
  private String id() {
    return trials.isEmpty() ? victim.id().toString() : trials.get(0).id().toString();
  }

  private List<Outcome> run(Store store, RunningNote note) {
    var outcomes = new ArrayList<Outcome>();
    var unfinished = new ArrayList<>(trials);
    unfinished.addAll(dependents);
    try {
      Optional<TrainedVictim> found = trains ? Optional.of(obtain(store, note)) : stored(store);
      if (found.isEmpty()) {
        return List.of();
      }
      try (TrainedVictim trained = found.get();
          var runner = new TrialRunner(trained, environment, store, note::write)) {
        unfinished.removeAll(dependents);
        for (Trial trial : trials) {
          note.write("%s against %s".formatted(trial.defense().name(), victim.attack().name()));
          Outcome outcome = run(trial, runner, store);
          outcomes.add(outcome);
          unfinished.remove(trial);
          if (environment.failFast() && outcome instanceof Outcome.Failed) {
            break;
          }
        }
      }
    } catch (StoreException e) {
      if (e.retryable()) {
        throw e;
      }
      // A full disk stays full for another attempt, which would train for hours before it fails.
      outcomes.add(new Outcome.Unstored(id(), e.getMessage()));
    } catch (RuntimeException | Error e) {
      rethrowIfItMayPass(e);
      unfinished.forEach(trial -> outcomes.add(fail(trial, e, store)));
    }
    return outcomes;
  }

  /** Only loads the victim; empty if it is not there as it was committed. */
  private Optional<TrainedVictim> stored(Store store) {
    Material material = Material.of(victim, environment, Devices.current());
    try {
      return TrainedVictim.find(victim, material, environment, store);
    } catch (DamagedException e) {
      return Optional.empty();
    }
  }

  /** Loads or trains the victim. */
  public TrainedVictim obtain(Store store, RunningNote note) {
    note.write("preparing " + victim.attack().name());
    Material material = Material.of(victim, environment, Devices.current());
    return TrainedVictim.obtain(
        victim, material, environment, store, note.progress(victim.attack().name()));
  }

  private Outcome run(Trial trial, TrialRunner runner, Store store) {
    try {
      // An earlier attempt, or another run, may have finished it.
      Row row = store.row(trial.id().toString()).orElseGet(() -> finish(trial, runner, store));
      return new Outcome.Finished(row.id(), row);
    } catch (RuntimeException | Error e) {
      rethrowIfItMayPass(e);
      return fail(trial, e, store);
    }
  }

  private static Row finish(Trial trial, TrialRunner runner, Store store) {
    Row row = runner.run(trial);
    // What another attempt has committed meanwhile is what counts.
    return store.commitRow(row) ? row : store.row(row.id()).orElse(row);
  }

  private Outcome fail(Trial trial, Throwable error, Store store) {
    var failure =
        new Failure(
            trial.id().toString(),
            victim.id().toString(),
            FailureKinds.of(error),
            FailureKinds.message(error),
            Host.name(),
            failedBefore + Devices.attempt(),
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    store.commitFailure(failure);
    return new Outcome.Failed(failure.trial(), failure);
  }

  private static void rethrowIfItMayPass(Throwable error) {
    if (FailureKinds.mayPass(error)) {
      if (error instanceof RuntimeException exception) {
        throw exception;
      }
      throw (Error) error;
    }
  }
}
