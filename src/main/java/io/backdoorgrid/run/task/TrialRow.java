package io.backdoorgrid.run.task;

import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.metric.Evaluated;
import io.backdoorgrid.run.host.Devices;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.run.victim.Descriptions;
import io.backdoorgrid.run.victim.TrainedVictim;
import io.backdoorgrid.store.row.Row;
import java.util.Map;

/** The row of a finished trial. */
final class TrialRow {

  private TrialRow() {}

  static Row of(
      Trial trial, TrainedVictim victim, Defended result, Environment environment, String started) {
    Map<String, Object> columns = Descriptions.of(trial);
    columns.putAll(victim.before().columns(Evaluated::victimColumn));
    columns.putAll(result.after().columns(Evaluated::column));
    columns.put(Row.SECONDS, result.seconds());
    columns.putAll(result.columns());
    columns.put(Row.TRAIN_SECONDS, victim.trainSeconds());
    columns.put(Row.TRAIN_THREADS, victim.trainThreads());
    columns.put(Row.EVALUATE_SECONDS, result.evaluateSeconds());
    columns.putAll(Descriptions.surroundings(victim.material().design(), environment));
    victim.poisonedImages().ifPresent(count -> columns.put(Row.POISONED_IMAGES, count));
    columns.put(Row.CHANCE, victim.evaluator().chance());
    columns.put(Row.DATA_DIGEST, victim.material().digest());
    columns.put(Row.STARTED, started);
    columns.put(Row.ATTEMPT, Devices.attempt());
    return Row.of(columns);
  }
}
