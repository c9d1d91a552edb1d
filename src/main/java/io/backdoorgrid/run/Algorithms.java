package io.backdoorgrid.run;

import io.backdoorgrid.algorithm.Registry;
import io.backdoorgrid.attack.Attacks;
import io.backdoorgrid.attack.BackdoorAttack;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.data.DataSet;
import io.backdoorgrid.data.DataSets;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.extractor.Extractors;
import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.model.Models;
import io.backdoorgrid.train.Recipes;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;
import java.util.Set;

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

  /** A label that is to stay true allows no more poison than its class has images. */
  @Override
  public Optional<String> obstacle(Victim victim) {
    if (!(Attacks.REGISTRY.create(victim.attack()) instanceof BackdoorAttack attack)) {
      return Optional.empty();
    }
    Goal goal = attack.goal();
    DataSet dataset = DataSets.REGISTRY.create(victim.dataset());
    int ceiling = goal.ceiling(dataset.classSizes());
    // A target that is no class is another mistake; an image more is a rounded rate.
    return goal.target() >= dataset.classSizes().length
            || victim.poisonRate() * dataset.trainSize() < ceiling + 1
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
