package io.backdoorgrid.extractor;

import io.backdoorgrid.algorithm.Registry;
import java.util.Set;

/** The extractors that a grid file may name. */
public final class Extractors {

  public static final Registry<Extractor> REGISTRY =
      new Registry<Extractor>(extractor -> Set.of()).add(new SimClr()).add(new Supervised());

  private Extractors() {}
}
