package io.backdoorgrid.report.published;

import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.Catalog.Kind;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Trial;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the trials of a plan that reproduce a paper's numbers: those whose attack, network and
 * defense are set as in the paper, by default or by its preset. Of a sweep, one point is the
 * paper's. A setting with only one value in the plan, such as a smaller network, stands in for the
 * paper's.
 */
public final class PaperSettings {

  private final Catalog catalog;

  /** The settings in which the plan has the same attack, network and defense. */
  private final Map<List<Object>, Set<List<Spec>>> variants = new HashMap<>();

  /**
   * @param catalog that knows defaults and presets
   */
  public PaperSettings(Catalog catalog, Plan plan) {
    this.catalog = catalog;
    plan.trials()
        .forEach(
            trial ->
                variants.computeIfAbsent(names(trial), key -> new HashSet<>()).add(specs(trial)));
  }

  private static List<Spec> specs(Trial trial) {
    return List.of(trial.victim().attack(), trial.victim().model(), trial.defense());
  }

  private static List<Object> names(Trial trial) {
    return List.of(
        specs(trial).stream().map(Spec::name).toList(),
        trial.victim().dataset().name(),
        trial.victim().poisonRate(),
        trial.cleanRatio(),
        trial.extractor());
  }

  /**
   * @param paper such as {@code clp}, the name of its presets
   * @param stated the hyperparameter whose value the paper prints beside the number, or empty
   */
  boolean suit(Trial trial, String paper, String stated) {
    return variants.getOrDefault(names(trial), Set.of()).size() <= 1
        || isPapers(Kind.ATTACK, trial.victim().attack(), paper, stated)
            && isPapers(Kind.MODEL, trial.victim().model(), paper, stated)
            && isPapers(Kind.DEFENSE, trial.defense(), paper, stated);
  }

  private boolean isPapers(Kind kind, Spec spec, String paper, String stated) {
    Catalog.Entry entry = catalog.entry(kind, spec.name());
    return Stream.of(entry.defaults(), entry.presets().getOrDefault(paper, entry.defaults()))
        .anyMatch(settings -> isSame(settings, spec, entry, stated));
  }

  /** Hyperparameters that a spec does not name have their defaults. */
  private static boolean isSame(
      Map<String, Object> settings, Spec spec, Catalog.Entry entry, String stated) {
    return settings.entrySet().stream()
        .allMatch(
            setting ->
                setting.getKey().equals(stated)
                    || setting
                        .getValue()
                        .equals(
                            spec.parameters()
                                .getOrDefault(
                                    setting.getKey(), entry.defaults().get(setting.getKey()))));
  }
}
