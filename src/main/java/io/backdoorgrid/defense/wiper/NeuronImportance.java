package io.backdoorgrid.defense.wiper;

/** The importance of neurons for clean images: the less important, the more suspicious. */
interface NeuronImportance {

  /** One value for each of the layer's neurons. */
  double[] of(PurifiedLayer layer, Observation seen);
}
