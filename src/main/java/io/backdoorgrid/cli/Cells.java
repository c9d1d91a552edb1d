package io.backdoorgrid.cli;

import io.backdoorgrid.grid.Axes;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Trial;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Names cells of a grid in one line. */
final class Cells {

  private static final List<String> AXES =
      List.of("dataset", "model", "attack", "poison-rate", "seed", "defense", "extractor");

  private static final List<String> VICTIM_AXES =
      List.of("dataset", "model", "poison-rate", "seed");

  private Cells() {}

  static String text(Trial trial) {
    return trial.id()
        + AXES.stream().map(axis -> "  " + Axes.text(trial, axis)).collect(Collectors.joining());
  }

  /** The values by which the cells of a plan differ, attack and defense in any case. */
  static Function<Trial, String> labels(Plan plan) {
    List<String> varying =
        VICTIM_AXES.stream()
            .filter(
                axis -> plan.trials().stream().map(t -> Axes.text(t, axis)).distinct().count() > 1)
            .toList();
    Map<String, Set<String>> shown = Axes.differing(plan.trials(), Trial::defense);
    List<Trial> extracting = plan.trials().stream().filter(Trial::usesExtractor).toList();
    boolean extractorsVary = extracting.stream().map(Trial::extractor).distinct().count() > 1;
    Map<String, Set<String>> shownOfExtractors = Axes.differing(extracting, Trial::extractor);
    return trial -> {
      String victim =
          varying.stream()
              .map(axis -> ", " + axis + " " + Axes.text(trial, axis))
              .collect(Collectors.joining());
      String extractor =
          extractorsVary && trial.usesExtractor()
              ? " on " + label(trial.extractor(), shownOfExtractors)
              : "";
      String defense = label(trial.defense(), shown);
      return trial.victim().attack().name() + victim + ", " + defense + extractor;
    };
  }

  private static String label(Spec spec, Map<String, Set<String>> shown) {
    return Axes.label(spec, shown.getOrDefault(spec.name(), Set.of()));
  }
}
