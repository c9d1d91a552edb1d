package io.backdoorgrid.run;

import io.backdoorgrid.grid.Trial;
import java.util.List;

/** Told how a run goes on, from one thread at a time. */
public interface Progress {

  /** Another driver runs into the same store, and this one waits for its end. */
  void waiting(String reason);

  /**
   * Before the first task.
   *
   * @param cores that work at the same time
   */
  void started(Workload workload, int cores);

  /** A trial ended. */
  void ended(Trial trial, Outcome outcome);

  /** Every second or so: what the tasks are doing just now. */
  void running(List<String> notes);

  /** After the last task. */
  void finished();
}
