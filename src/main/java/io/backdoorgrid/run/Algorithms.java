package io.backdoorgrid.run;

import io.backdoorgrid.algorithm.Registry;
import io.backdoorgrid.attack.Attacks;
import io.backdoorgrid.data.DataSets;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.extractor.Extractors;
import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.model.Models;
import io.backdoorgrid.train.Recipes;
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
