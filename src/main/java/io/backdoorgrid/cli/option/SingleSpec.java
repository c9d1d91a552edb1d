package io.backdoorgrid.cli.option;

import io.backdoorgrid.catalog.Algorithms;
import io.backdoorgrid.cli.UsageException;
import io.backdoorgrid.grid.Catalog.Kind;
import io.backdoorgrid.grid.read.SpecOption;
import java.util.List;

/** Options that name one thing in the words of a grid file. */
public final class SingleSpec {

  private SingleSpec() {}

  /**
   * Reads such an option.
   *
   * @param what the kind's name in a sentence
   * @throws io.backdoorgrid.grid.GridException if it names nothing of that kind
   * @throws UsageException if it names several
   */
  public static SpecOption read(String option, String text, Kind kind, String what) {
    List<SpecOption> given = SpecOption.read(option + " " + text, text, kind, new Algorithms());
    if (given.size() > 1) {
      throw new UsageException("%s must be one %s, got %d".formatted(option, what, given.size()));
    }
    return given.get(0);
  }
}
