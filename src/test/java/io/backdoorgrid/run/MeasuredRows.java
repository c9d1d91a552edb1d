package io.backdoorgrid.run;

import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.store.row.Row;

/** Rows that nobody measured, for tests of other packages. */
public final class MeasuredRows {

  private MeasuredRows() {}

  public static Row of(Trial trial) {
    return Grids.row(trial, 1, 0.1);
  }
}
