package io.backdoorgrid.run.schedule;

import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.run.host.Slots;
import io.backdoorgrid.run.task.Outcome;
import java.util.List;

/** Is told about the progress of a run, by one thread at a time. */
public interface Progress {

  /** Is told, and tells no one. */
  Progress NONE =
      new Progress() {
        @Override
        public void waiting(String reason) {}

        @Override
        public void started(PlanStatus workload, Slots slots) {}

        @Override
        public void ended(Trial trial, Outcome outcome) {}

        @Override
        public void lost(String job, int attempt, String place, String reason) {}

        @Override
        public void running(List<String> notes) {}

        @Override
        public void interrupted(int done) {}

        @Override
        public void finished() {}
      };

  /** Another driver writes the same store, and this one waits for its end. */
  void waiting(String reason);

  /**
   * Before the first task.
   *
   * @param slots what it computes on
   */
  void started(PlanStatus workload, Slots slots);

  /** A trial ended. */
  void ended(Trial trial, Outcome outcome);

  /**
   * An attempt at some trials was lost with its executor or for a reason that may pass; Spark
   * starts them again if it was not the last that it tries.
   *
   * @param job victim and defenses
   * @param attempt counts from 1
   * @param place executor and host
   */
  void lost(String job, int attempt, String place, String reason);

  /** What the tasks are doing; called about every second. */
  void running(List<String> notes);

  /**
   * The process is about to end before the run has; by a thread of its own.
   *
   * @param done trials of the plan whose results are stored
   */
  void interrupted(int done);

  /** After the last task. */
  void finished();
}
