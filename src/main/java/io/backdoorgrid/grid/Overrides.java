package io.backdoorgrid.grid;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the command line changes about a grid file, in the order in which it is applied.
 *
 * @param profile a file of settings; those that apply to nothing in the grid are ignored
 * @param set {@code path=value}, such as {@code train.epochs=5}; the value is YAML, a list an axis
 * @param only {@code axis=value,value}, such as {@code attack=badnets}; keeps matching cells. More
 *     values of one axis widen the selection, more axes narrow it
 * @param limit keeps the first trials
 */
public record Overrides(
    Optional<Path> profile, List<String> set, List<String> only, OptionalLong limit) {

  /** The grid as its file says. */
  public static final Overrides NONE =
      new Overrides(Optional.empty(), List.of(), List.of(), OptionalLong.empty());
}
