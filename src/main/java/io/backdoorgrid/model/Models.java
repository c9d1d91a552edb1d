package io.backdoorgrid.model;

import io.backdoorgrid.algorithm.Registry;
import io.backdoorgrid.model.io.FileNetwork;
import io.backdoorgrid.model.net.Architecture;
import io.backdoorgrid.model.net.Architectures;

/** The networks that a grid file may name: to be trained, or from a file. */
public final class Models {

  public static final Registry<Architecture> REGISTRY =
      Architectures.REGISTRY.copy().add(new FileNetwork());

  private Models() {}
}
