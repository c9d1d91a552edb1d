package io.backdoorgrid.report.table;

import io.backdoorgrid.grid.Axes;
import io.backdoorgrid.grid.Axis;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Trial;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The values of axes as a table prints them: an algorithm that occurs with several settings is
 * printed with the hyperparameters that differ, and no others.
 */
final class AxisLabels {
  private final Axes axes;
  private final List<Trial> trials;

  /** Axis to its values; spelling a number out takes a while, and plans are long. */
  private final Map<String, List<String>> texts = new HashMap<>();

  /** Axis to algorithm to the hyperparameters to show. */
  private final Map<String, Map<String, Set<String>>> shown = new HashMap<>();

  /**
   * @param placed axes that the table shows anyway; a hyperparameter among them is not repeated in
   *     the name of its algorithm
   */
  AxisLabels(Plan plan, Collection<String> placed) {
    axes = plan.axes();
    trials = plan.cells();
    for (Axis axis : axes.all()) {
      if (axis.kind().isPresent()) {
        shown.put(axis.key(), differing(axis.key(), placed));
      }
    }
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
    String text = trial.text(axis);
    if (shown.containsKey(axis) && !text.isEmpty()) {
      return trial.spec(axis).label(shown.get(axis));
    }
    return axes.find(axis).map(setting -> setting.label(text)).orElse(text);
  }

  private Map<String, Set<String>> differing(String axis, Collection<String> placed) {
    Map<String, Set<String>> differing = Spec.differing(Trial.specs(trials, axis));
    differing.forEach(
        (name, keys) ->
            keys.removeIf(
                key -> placed.contains(axis + "." + key) || placed.contains(name + "." + key)));
    return differing;
  }
}
