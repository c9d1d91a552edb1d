package io.backdoorgrid.defense.wiper;

/** How much a neuron matters for clean images: the less, the more suspect it is. */
interface NeuronImportance {

  /** One value for each of the layer's neurons. */
  double[] of(PurifiedLayer layer, Observation seen);
}
