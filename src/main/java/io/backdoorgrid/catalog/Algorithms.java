package io.backdoorgrid.catalog;

import io.backdoorgrid.algorithm.Registry;
import io.backdoorgrid.attack.Attack;
import io.backdoorgrid.attack.Attacks;
import io.backdoorgrid.data.Split;
import io.backdoorgrid.data.set.DataSet;
import io.backdoorgrid.data.set.DataSets;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.extractor.Extractors;
import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.model.Models;
import io.backdoorgrid.model.net.Pretrained;
import io.backdoorgrid.train.Recipes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Everything that a grid file may name: the registries of all packages. */
public final class Algorithms implements Catalog {

  @Override
  public Set<String> names(Kind kind) {
    return registry(kind).names();
  }

  @Override
  public Entry entry(Kind kind, String name) {
    return registry(kind).entry(name);
  }

  /** By the settings that decide, since plans have thousands of victims. */
  private final Map<List<Object>, Optional<String>> obstacles = new ConcurrentHashMap<>();

  @Override
  public Optional<String> obstacle(Victim victim) {
    return obstacles.computeIfAbsent(
        List.of(
            victim.model(),
            victim.attack(),
            victim.dataset(),
            victim.poisonRate(),
            victim.images(),
            victim.heldOut()),
        key -> findObstacle(victim));
  }

  private static Optional<String> findObstacle(Victim victim) {
    DataSet dataset = DataSets.REGISTRY.create(victim.dataset());
    if (victim.images() > dataset.trainSize()) {
      return Optional.of(
          "images %d is more than the %d training images of %s"
              .formatted(victim.images(), dataset.trainSize(), victim.dataset().name()));
    }
    Optional<Pretrained> pretrained = Models.REGISTRY.create(victim.model()).pretrained();
    int classes = dataset.classSizes().length;
    if (pretrained.isPresent() && pretrained.get().classes() != classes) {
      return Optional.of(
          "the model has %d classes, %s has %d"
              .formatted(pretrained.get().classes(), victim.dataset().name(), classes));
    }
    Attack attack = Attacks.REGISTRY.create(victim.attack());
    if (pretrained.isPresent() && !attack.needsNoTraining()) {
      return Optional.of(
          "a model from a file cannot be tried with %s, whose trigger depends on the training"
              .formatted(victim.attack().name()));
    }
    int images = victim.images() == 0 ? dataset.trainSize() : (int) victim.images();
    return attack
        .obstacle(
            dataset.shape(),
            dataset.classSizes(),
            Split.victimSize(images, victim.heldOut()),
            victim.poisonRate())
        .map(
            reason ->
                "%s on %s: %s".formatted(victim.attack().name(), victim.dataset().name(), reason));
  }

  private static Registry<?> registry(Kind kind) {
    return switch (kind) {
      case DATASET -> DataSets.REGISTRY;
      case MODEL -> Models.REGISTRY;
      case ATTACK -> Attacks.REGISTRY;
      case TRAIN -> Recipes.REGISTRY;
      case DEFENSE -> Defenses.REGISTRY;
      case EXTRACTOR -> Extractors.REGISTRY;
    };
  }
}
