package io.backdoorgrid.run.victim;

import static io.backdoorgrid.store.row.Row.ARITHMETIC;
import static io.backdoorgrid.store.row.Row.COMMIT;
import static io.backdoorgrid.store.row.Row.DEVICE;
import static io.backdoorgrid.store.row.Row.DJL;
import static io.backdoorgrid.store.row.Row.HOST;
import static io.backdoorgrid.store.row.Row.JAVA;
import static io.backdoorgrid.store.row.Row.PYTORCH;
import static io.backdoorgrid.store.row.Row.THREADS;
import static io.backdoorgrid.store.row.Row.VERSION;

import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.store.Host;
import io.backdoorgrid.store.row.Row;
import io.backdoorgrid.torch.Torch;
import java.util.LinkedHashMap;
import java.util.Map;

/** Settings and surroundings of a result, as columns: where a number came from. */
public final class Descriptions {

  private Descriptions() {}

  /** Every setting that makes a victim. */
  public static Map<String, Object> of(Victim victim) {
    var columns = new LinkedHashMap<String, Object>();
    columns.put(Row.VICTIM, victim.id().toString());
    columns.putAll(victim.settings().columns());
    return columns;
  }

  /** Every setting that makes a trial. */
  public static Map<String, Object> of(Trial trial) {
    var columns = new LinkedHashMap<String, Object>();
    columns.put(Row.TRIAL, trial.id().toString());
    columns.putAll(of(trial.victim()));
    columns.putAll(trial.settings().columns());
    return columns;
  }

  /** The machine and the libraries. */
  public static Map<String, Object> surroundings(
      Classifier.Design design, Environment environment) {
    var columns = new LinkedHashMap<String, Object>();
    columns.put(DEVICE, design.device().toString());
    columns.put(THREADS, environment.threads());
    columns.put(ARITHMETIC, design.precision().toString());
    columns.put(JAVA, System.getProperty("java.version"));
    columns.put(DJL, Torch.djlVersion());
    columns.put(PYTORCH, Torch.version());
    columns.put(VERSION, environment.version());
    columns.put(COMMIT, environment.commit());
    columns.put(HOST, Host.name());
    return columns;
  }
}
