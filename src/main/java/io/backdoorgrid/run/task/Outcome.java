package io.backdoorgrid.run.task;

import io.backdoorgrid.store.Failure;
import io.backdoorgrid.store.row.Row;
import java.io.Serializable;

/** How a trial ended; but for {@link Unstored}, it is in the store already when this is made. */
public sealed interface Outcome extends Serializable {

  /** The trial's id. */
  String trial();

  /** Finished, with its numbers. */
  record Finished(String trial, Row row) implements Outcome {}

  /** Ended in a way that would repeat itself. */
  record Failed(String trial, Failure failure) implements Outcome {}

  /**
   * Results cannot be stored, whatever the machine.
   *
   * @param trial by which the task is known, or the victim's id if it has no trials
   */
  record Unstored(String trial, String reason) implements Outcome {}
}
