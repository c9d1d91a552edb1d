package io.backdoorgrid.grid;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A grid file, expanded: every cell once, in the order of the file.
 *
 * @param axes that its cells are described by
 * @param name the grid's name, such as {@code clp/table1}
 * @param cells without duplicates; those of one victim share the {@link Victim} object
 * @param skipped the impossible victims among them, and why: see {@link Catalog#obstacle}
 * @param duplicates how many cells were dropped because they were the same trial in another
 *     spelling
 * @param excluded how many cells the {@code exclude:} section removed
 * @param caption remarks that belong under every table of this plan, such as the profile used
 * @param resolved the settings after profile and overrides, as they can be written back to YAML or
 *     JSON
 */
public record Plan(
    Axes axes,
    String name,
    List<Trial> cells,
    Map<VictimId, String> skipped,
    long duplicates,
    long excluded,
    TableSpec table,
    List<String> caption,
    Map<String, Object> resolved) {

  /** The cells to run: all that are not skipped. */
  public List<Trial> trials() {
    return skipped.isEmpty() ? cells : cells.stream().filter(cell -> !isSkipped(cell)).toList();
  }

  public boolean isSkipped(Trial cell) {
    return skipped.containsKey(cell.victim().id());
  }

  /** Why cells are skipped, and how many for each reason. */
  public Map<String, Long> skips() {
    return cells.stream()
        .filter(this::isSkipped)
        .collect(
            Collectors.groupingBy(
                cell -> skipped.get(cell.victim().id()),
                LinkedHashMap::new,
                Collectors.counting()));
  }

  /** The distinct victims of {@link #trials}, in order of first use. */
  public List<Victim> victims() {
    // By id: comparing whole victims would hash every hyperparameter of every trial.
    Map<VictimId, Victim> victims = new LinkedHashMap<>();
    for (Trial trial : trials()) {
      victims.putIfAbsent(trial.victim().id(), trial.victim());
    }
    return List.copyOf(victims.values());
  }
}
