package io.backdoorgrid.cli;

import io.backdoorgrid.grid.Axes;
import io.backdoorgrid.grid.Trial;
import java.util.List;
import java.util.stream.Collectors;

/** Names cells of a grid in one line. */
final class Cells {

  private static final List<String> AXES =
      List.of("dataset", "model", "attack", "poison-rate", "seed", "defense");

  private Cells() {}

  static String text(Trial trial) {
    return trial.id()
        + AXES.stream().map(axis -> "  " + Axes.text(trial, axis)).collect(Collectors.joining());
  }

  /** Attack and defense, and the seed if it is not the first. */
  static String shortText(Trial trial) {
    String seed = trial.victim().seed() == 0 ? "" : " seed " + trial.victim().seed();
    return "%s%s, %s".formatted(trial.victim().attack().name(), seed, trial.defense().name());
  }
}
