package io.backdoorgrid.grid;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A grid file, expanded: every trial once, in the order of the file.
 *
 * @param name the grid's name, such as {@code clp/table1}
 * @param trials without duplicates; trials of one victim share the {@link Victim} object
 * @param duplicates how many cells were dropped because another spelling gave the same trial
 * @param excluded how many cells the {@code exclude:} section removed
 * @param caption remarks that belong under every table of this plan, such as the profile used
 * @param resolved the settings after profile and overrides, as they can be written back to YAML or
 *     JSON
 */
public record Plan(
    String name,
    List<Trial> trials,
    long duplicates,
    long excluded,
    TableSpec table,
    List<String> caption,
    Map<String, Object> resolved) {

  /** The distinct victims, in order of first use. */
  public List<Victim> victims() {
    // By id: comparing whole victims would hash every hyperparameter of every trial.
    Map<VictimId, Victim> victims = new LinkedHashMap<>();
    for (Trial trial : trials) {
      victims.putIfAbsent(trial.victim().id(), trial.victim());
    }
    return List.copyOf(victims.values());
  }
}
