package io.backdoorgrid.run;

import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.store.Failure;
import io.backdoorgrid.store.Row;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.torch.Torch;
import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * What one Spark task does: obtain a victim, run some of its trials, commit each as it is done.
 *
 * <p>Failures that would repeat themselves are committed as failures and end neither the other
 * trials nor the job; others are thrown, so that Spark tries elsewhere. Whatever was committed
 * before is then found done.
 *
 * @param trials of that victim, at least one
 * @param failedBefore how often these trials have failed in earlier runs
 */
record TrialsTask(Environment environment, Victim victim, List<Trial> trials, int failedBefore)
    implements Serializable {

  List<Outcome> run() {
    Torch.prepareThread(environment.threads());
    Store store = Store.open(environment.store(), environment.configuration());
    try (var note = new RunningNote(store, trials.get(0).id().toString())) {
      return run(store, note);
    }
  }

  private List<Outcome> run(Store store, RunningNote note) {
    var outcomes = new ArrayList<Outcome>();
    try (TrainedVictim trained = obtain(store, note)) {
      var runner = new TrialRunner(trained, environment);
      for (Trial trial : trials) {
        note.write("%s against %s".formatted(trial.defense().name(), victim.attack().name()));
        outcomes.add(run(trial, runner, store));
      }
    } catch (RuntimeException | Error e) {
      rethrowIfItMayPass(e);
      trials.stream().skip(outcomes.size()).forEach(t -> outcomes.add(fail(t, e, store)));
    }
    return outcomes;
  }

  /** Loads or trains the victim. */
  TrainedVictim obtain(Store store, RunningNote note) {
    note.write("preparing " + victim.attack().name());
    Material material = Material.of(victim, environment, Devices.current());
    return TrainedVictim.obtain(
        victim,
        material,
        environment,
        store,
        (epoch, epochs, loss) ->
            note.write(
                "training %s: epoch %d of %d, loss %.3f"
                    .formatted(victim.attack().name(), epoch, epochs, loss)));
  }

  private Outcome run(Trial trial, TrialRunner runner, Store store) {
    try {
      Row row = runner.run(trial);
      store.commitRow(row);
      return new Outcome.Finished(row.id(), row);
    } catch (RuntimeException | Error e) {
      rethrowIfItMayPass(e);
      return fail(trial, e, store);
    }
  }

  private Outcome fail(Trial trial, Throwable error, Store store) {
    var failure =
        new Failure(
            trial.id().toString(),
            victim.id().toString(),
            FailureKinds.of(error),
            FailureKinds.message(error),
            Descriptions.host(),
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
