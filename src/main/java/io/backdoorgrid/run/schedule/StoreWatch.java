package io.backdoorgrid.run.schedule;

import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.run.task.Outcome;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.row.Row;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Notices finished trials in the store while their task is still running; a task of many trials,
 * perhaps on another machine, reports to the driver only at its end.
 */
final class StoreWatch implements AutoCloseable {

  /** Looking may take this share of the time at most. */
  private static final int PATIENCE = 20;

  private static final long SHORTEST_PAUSE_MILLIS = 1_000;

  private final Store store;
  private final CostModel costs;
  private final Progress progress;
  private final Map<String, Trial> open = new HashMap<>();
  private boolean closed;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

  StoreWatch(Store store, List<Trial> pending, CostModel costs, Progress progress) {
    this.store = store;
    this.costs = costs;
    this.progress = progress;
    pending.forEach(trial -> open.put(trial.id().toString(), trial));
    clock.schedule(this::look, SHORTEST_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    long start = System.nanoTime();
    try {
      for (String id : store.listed()) {
        if (isOpen(id)) {
          store.row(id).ifPresent(this::finish);
        }
      }
      running(List.copyOf(store.notes().values()));
    } catch (RuntimeException e) {
      // A passing fault of a look costs a line of progress; tasks report faults of their own.
    }
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    if (!clock.isShutdown()) {
      clock.schedule(
          this::look, Math.max(SHORTEST_PAUSE_MILLIS, PATIENCE * took), TimeUnit.MILLISECONDS);
    }
  }

  private synchronized boolean isOpen(String id) {
    return open.containsKey(id);
  }

  private void finish(Row row) {
    report(List.of(new Outcome.Finished(row.id(), row)));
  }

  private synchronized void running(List<String> notes) {
    if (!closed) {
      progress.running(notes);
    }
  }

  /** Passes on each trial's end once. */
  synchronized void report(List<Outcome> outcomes) {
    for (Outcome outcome : outcomes) {
      // What could not be stored has not ended: a later run takes it up.
      boolean ended = !closed && !(outcome instanceof Outcome.Unstored);
      Trial trial = ended ? open.remove(outcome.trial()) : null;
      if (trial != null) {
        if (outcome instanceof Outcome.Finished finished) {
          costs.learn(trial, finished.row());
        }
        progress.ended(trial, outcome);
      }
    }
  }

  /** Passes on that an attempt was lost. */
  synchronized void lost(String job, int attempt, String place, String reason) {
    if (!closed) {
      progress.lost(job, attempt, place, reason);
    }
  }

  /** From then on nothing is passed on. */
  @Override
  public synchronized void close() {
    closed = true;
    clock.shutdownNow();
  }
}
