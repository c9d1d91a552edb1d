package io.backdoorgrid.train;

import io.backdoorgrid.algorithm.Registry;
import java.util.Set;

/** The training recipes that a grid file may name. */
public final class Recipes {

  public static final Registry<Recipe> REGISTRY =
      new Registry<Recipe>(recipe -> Set.of()).add(new Recipe());

  private Recipes() {}
}
