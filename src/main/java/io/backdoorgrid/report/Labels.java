package io.backdoorgrid.report;

import io.backdoorgrid.grid.Axes;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Trial;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The values of axes as a table prints them: an algorithm that occurs with several settings bears
 * those hyperparameters that differ, and no others.
 */
final class Labels {
  /** Axes whose values are algorithms and the like, with hyperparameters. */
  private static final Map<String, Function<Trial, Spec>> SPECS = new LinkedHashMap<>();

  static {
    SPECS.put("dataset", trial -> trial.victim().dataset());
    SPECS.put("model", trial -> trial.victim().model());
    SPECS.put("attack", trial -> trial.victim().attack());
    SPECS.put("train", trial -> trial.victim().train());
    SPECS.put("defense", Trial::defense);
    SPECS.put("extractor", Trial::extractor);
  }

  private final List<Trial> trials;

  /** Axis to its values; spelling a number out takes a while, and plans are long. */
  private final Map<String, List<String>> texts = new HashMap<>();

  /** Axis to algorithm to the hyperparameters to show. */
  private final Map<String, Map<String, Set<String>>> shown = new HashMap<>();

  /**
   * @param placed axes that the table shows anyway; a hyperparameter among them is not repeated in
   *     the name of its algorithm
   */
  Labels(Plan plan, Collection<String> placed) {
    trials = plan.cells();
    SPECS.forEach((axis, spec) -> shown.put(axis, differing(plan, axis, spec, placed)));
  }

  static boolean isAlgorithm(String axis) {
    return SPECS.containsKey(axis);
  }

  /**
   * The values of an axis, trial by trial; empty where the axis means nothing to the trial, such as
   * the clean ratio and the extractor to CLP.
   */
  List<String> texts(String axis) {
    return texts.computeIfAbsent(
        axis, key -> trials.stream().map(trial -> text(trial, axis)).toList());
  }

  /** The distinct values of an axis in the order of the plan. */
  Set<String> values(String axis) {
    Set<String> values = new LinkedHashSet<>(texts(axis));
    values.remove("");
    return values;
  }

  private String text(Trial trial, String axis) {
    String text = Axes.text(trial, axis);
    Function<Trial, Spec> spec = SPECS.get(axis);
    if (spec != null && !text.isEmpty()) {
      Spec value = spec.apply(trial);
      return Axes.label(value, shown.get(axis).getOrDefault(value.name(), Set.of()));
    }
    return switch (axis) {
      case "clean-ratio", "poison-rate" -> text.equals("0") ? "" : text;
      case "images" -> text.equals("0") ? "all" : text;
      default -> text;
    };
  }

  private static Map<String, Set<String>> differing(
      Plan plan, String axis, Function<Trial, Spec> spec, Collection<String> placed) {
    Map<String, Set<String>> differing = Axes.differing(plan.cells(), spec);
    differing.forEach(
        (name, keys) ->
            keys.removeIf(
                key -> placed.contains(axis + "." + key) || placed.contains(name + "." + key)));
    return differing;
  }
}
