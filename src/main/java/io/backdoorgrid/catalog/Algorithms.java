package io.backdoorgrid.catalog;

import io.backdoorgrid.algorithm.Registry;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Attacks;
import io.backdoorgrid.attack.BackdoorAttack;
import io.backdoorgrid.attack.BatchAttack;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.ModelFreeAttack;
import io.backdoorgrid.data.set.DataSet;
import io.backdoorgrid.data.set.DataSets;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.extractor.Extractors;
import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.model.Models;
import io.backdoorgrid.train.Recipes;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

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

  /** By attack and data set, since plans have thousands of victims. */
  private final Map<List<Spec>, Optional<String>> misfits = new ConcurrentHashMap<>();

  /**
   * A target is a class of the data set, a trigger fits on its images, and a label that is to stay
   * true allows no more poison than its class has images.
   */
  @Override
  public Optional<String> obstacle(Victim victim) {
    if (!(Attacks.REGISTRY.create(victim.attack()) instanceof BackdoorAttack attack)) {
      return Optional.empty();
    }
    Optional<String> misfit =
        misfits.computeIfAbsent(
            List.of(victim.attack(), victim.dataset()),
            key -> misfit(attack, DataSets.REGISTRY.create(victim.dataset())));
    return misfit
        .map(reason -> victim.attack().name() + ": " + reason)
        .or(() -> shortage(attack, victim));
  }

  private static Optional<String> misfit(BackdoorAttack attack, DataSet dataset) {
    try {
      attack.goal().check(dataset.classSizes().length);
      RandomGenerator any = new Seed("obstacle").stream("trigger");
      if (attack instanceof ModelFreeAttack modelFree) {
        modelFree.trigger(dataset.shape(), any);
      }
      if (attack instanceof BatchAttack batches) {
        batches.trigger(dataset.shape(), any);
      }
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    }
  }

  private static Optional<String> shortage(BackdoorAttack attack, Victim victim) {
    Goal goal = attack.goal();
    DataSet dataset = DataSets.REGISTRY.create(victim.dataset());
    int ceiling = goal.ceiling(dataset.classSizes());
    // An image more is a rounded rate.
    return victim.poisonRate() * dataset.trainSize() < ceiling + 1
        ? Optional.empty()
        : Optional.of(
            "%s: poison-rate %s is more than class %d's share %s of %s"
                .formatted(
                    victim.attack().name(),
                    text(victim.poisonRate()),
                    goal.target(),
                    text((double) ceiling / dataset.trainSize()),
                    victim.dataset().name()));
  }

  private static String text(double share) {
    return new BigDecimal(share, new MathContext(6)).stripTrailingZeros().toPlainString();
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
