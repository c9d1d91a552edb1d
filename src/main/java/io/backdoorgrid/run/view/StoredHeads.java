package io.backdoorgrid.run.view;

import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.defense.holder.HolderPruning;
import io.backdoorgrid.defense.holder.RankedHead;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.run.task.TrialFeatureTraining;
import io.backdoorgrid.run.victim.ExtractorSource;
import io.backdoorgrid.run.victim.PretrainedExtractor;
import io.backdoorgrid.run.victim.TrainedVictim;
import io.backdoorgrid.store.DamagedException;
import io.backdoorgrid.store.Store;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The heads that trials of Hölder Pruning left in the store for one victim. */
final class StoredHeads implements AutoCloseable {

  /** The hyperparameters for the number of pruned neurons, on which a head does not depend. */
  private static final Set<String> PRUNING =
      Set.of("rule", "neurons", "ratio", "threshold", "tail");

  private final TrainedVictim victim;
  private final Environment environment;
  private final Store store;
  private final Map<String, RankedHead> heads = new LinkedHashMap<>();

  StoredHeads(TrainedVictim victim, Environment environment, Store store) {
    this.victim = victim;
    this.environment = environment;
    this.store = store;
  }

  Map<String, RankedHead> byName() {
    return Collections.unmodifiableMap(heads);
  }

  /**
   * Loads the head of every trial of this victim, each once.
   *
   * @param missing is told of those that the store does not have
   */
  void find(Plan plan, Consumer<String> missing) {
    List<Trial> trials =
        plan.trials().stream()
            .filter(trial -> trial.victim().id().equals(victim.victim().id()))
            .filter(trial -> defense(trial).isPresent())
            .toList();
    Map<String, Set<String>> ofDefenses =
        new HashMap<>(Spec.differing(trials.stream().map(Trial::defense).toList()));
    ofDefenses.replaceAll((name, keys) -> without(keys, PRUNING));
    Map<String, Set<String>> ofExtractors =
        Spec.differing(trials.stream().map(Trial::extractor).toList());
    var seen = new HashSet<List<Object>>();
    for (Trial trial : trials) {
      HolderPruning defense = defense(trial).orElseThrow();
      if (seen.add(List.of(defense.unpruned(), trial.extractor()))) {
        String name =
            trial.defense().label(ofDefenses) + " on " + trial.extractor().label(ofExtractors);
        try {
          load(trial, defense)
              .ifPresentOrElse(
                  head -> heads.put(name, head),
                  () -> missing.accept("has no extractor for " + name));
        } catch (NoSuchElementException | DamagedException e) {
          missing.accept(e.getMessage());
        }
      }
    }
  }

  private Optional<RankedHead> load(Trial trial, HolderPruning defense) {
    Optional<PretrainedExtractor> extractor =
        ExtractorSource.of(victim.victim(), trial.extractor()).find(victim, environment, store);
    if (extractor.isEmpty()) {
      return Optional.empty();
    }
    try (PretrainedExtractor found = extractor.get()) {
      return Optional.of(defense.ranked(TrialFeatureTraining.stored(trial, victim, found, store)));
    }
  }

  private static Optional<HolderPruning> defense(Trial trial) {
    return Defenses.REGISTRY.create(trial.defense()) instanceof HolderPruning pruning
        ? Optional.of(pruning)
        : Optional.empty();
  }

  private static Set<String> without(Set<String> keys, Set<String> others) {
    var rest = new TreeSet<>(keys);
    rest.removeAll(others);
    return rest;
  }

  @Override
  public void close() {
    heads.values().forEach(RankedHead::close);
  }
}
