package io.backdoorgrid.model;

import io.backdoorgrid.data.ImageShape;

/** A kind of network. Implementations are records whose components are hyperparameters. */
public interface Architecture {

  /** A network with that many classes, not yet initialised. */
  Network build(ImageShape input, int classes);

  /** Multiplications of one forward pass of one image, in billions, to estimate costs. */
  double gigaMultiplications(ImageShape input);
}
