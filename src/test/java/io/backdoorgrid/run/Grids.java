package io.backdoorgrid.run;

import io.backdoorgrid.catalog.Algorithms;
import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.read.GridReader;
import io.backdoorgrid.metric.Metrics;
import io.backdoorgrid.run.victim.Descriptions;
import io.backdoorgrid.store.row.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Plans of grids written in a test, and rows of their trials that nobody measured. */
public final class Grids {

  private Grids() {}

  public static Plan plan(Path folder, String text) {
    try {
      Path file = Files.writeString(folder.resolve("grid.yaml"), text);
      return GridReader.read(file, new Algorithms(), Overrides.NONE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A row that says how long victim and defense took on one thread. */
  public static Row row(Trial trial, double trainSeconds, double seconds) {
    var columns = Descriptions.of(trial);
    columns.put(Row.TRAIN_SECONDS, trainSeconds);
    columns.put(Row.TRAIN_THREADS, 1);
    columns.put(Row.SECONDS, seconds);
    columns.put(Row.EVALUATE_SECONDS, 0);
    columns.put(Row.THREADS, 1);
    columns.put(Metrics.ACC.column(), 90);
    return Row.of(columns);
  }
}
