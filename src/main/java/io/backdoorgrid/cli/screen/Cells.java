package io.backdoorgrid.cli.screen;

import io.backdoorgrid.grid.Axes;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Names cells of a grid in one line. */
public final class Cells {

  private static final String CLEAN_RATIO = "clean-ratio";
  private static final List<String> VICTIM_AXES =
      List.of("dataset", "poison-rate", "held-out", "images", "precision", "seed");

  private Cells() {}

  /** What the cells of a plan differ by, attack and defense in any case. */
  public static Function<Trial, String> labels(Plan plan) {
    List<Trial> cells = plan.cells();
    List<String> varying = VICTIM_AXES.stream().filter(axis -> varies(cells, axis)).toList();
    Map<String, Set<String>> ofAttacks = Axes.differing(cells, t -> t.victim().attack());
    Map<String, Set<String>> ofDefenses = Axes.differing(cells, Trial::defense);
    Optional<Function<Trial, String>> model = varying(cells, t -> t.victim().model());
    Optional<Function<Trial, String>> recipe = varying(cells, t -> t.victim().train());
    Optional<Function<Trial, String>> extractor =
        varying(cells.stream().filter(Trial::usesExtractor).toList(), Trial::extractor);
    boolean ratios = varies(cells.stream().filter(Cells::usesCleanData).toList(), CLEAN_RATIO);
    return trial -> {
      var parts = new ArrayList<String>();
      parts.add(label(trial.victim().attack(), ofAttacks));
      varying.forEach(axis -> parts.add(axis + " " + Axes.text(trial, axis)));
      model.ifPresent(label -> parts.add(label.apply(trial)));
      recipe.ifPresent(label -> parts.add(label.apply(trial)));
      String on =
          trial.usesExtractor() ? extractor.map(l -> " on " + l.apply(trial)).orElse("") : "";
      String with =
          ratios && usesCleanData(trial)
              ? " with %s %s".formatted(CLEAN_RATIO, Axes.text(trial, CLEAN_RATIO))
              : "";
      return String.join(", ", parts) + ", " + label(trial.defense(), ofDefenses) + on + with;
    };
  }

  private static boolean usesCleanData(Trial trial) {
    return trial.cleanRatio() > 0;
  }

  private static boolean varies(List<Trial> cells, String axis) {
    return cells.stream().map(cell -> Axes.text(cell, axis)).distinct().count() > 1;
  }

  /** How to tell these apart; empty where there is one of them. */
  private static Optional<Function<Trial, String>> varying(
      List<Trial> cells, Function<Trial, Spec> spec) {
    Map<String, Set<String>> differing = Axes.differing(cells, spec);
    return cells.stream().map(spec).distinct().count() > 1
        ? Optional.of(cell -> label(spec.apply(cell), differing))
        : Optional.empty();
  }

  private static String label(Spec spec, Map<String, Set<String>> shown) {
    return Axes.label(spec, shown.getOrDefault(spec.name(), Set.of()));
  }
}
