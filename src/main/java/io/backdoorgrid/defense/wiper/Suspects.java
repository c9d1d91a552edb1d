package io.backdoorgrid.defense.wiper;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The neurons of a layer that are currently considered bad: those with the lowest moving
 * importance.
 */
final class Suspects {

  /** Makes a share of {@code k / n} mean k neurons whatever its binary digits. */
  private static final double ROUNDING = 1e-9;

  private final PurifiedLayer layer;
  private final double[] importance;
  private boolean[] marked;

  /** No suspects yet among neurons of that importance. */
  Suspects(PurifiedLayer layer, double[] importance) {
    this.layer = layer;
    this.importance = importance.clone();
    this.marked = new boolean[importance.length];
  }

  /** One per layer to purify, by the importance measured over all clean images. */
  static List<Suspects> of(
      Wiper wiper, Classifier classifier, LabeledImages clean, NeuronImportance importance) {
    List<PurifiedLayer> layers = wiper.part().layers(classifier);
    try (NDManager scope = classifier.manager().newSubManager()) {
      Observation seen = Observation.of(scope, classifier, clean, layers, wiper.sgd().batch());
      return layers.stream().map(layer -> new Suspects(layer, importance.of(layer, seen))).toList();
    }
  }

  PurifiedLayer layer() {
    return layer;
  }

  /**
   * Updates the moving average by a new measurement (equation 3).
   *
   * @param eta weight of the old average
   */
  void renew(double[] measured, double eta) {
    for (int j = 0; j < importance.length; j++) {
      importance[j] = eta * importance[j] + (1 - eta) * measured[j];
    }
  }

  /** Marks that share of the neurons, the least important ones, and no others. */
  void mark(double share) {
    marked = lowest(importance, share);
  }

  boolean any() {
    return IntStream.range(0, marked.length).anyMatch(j -> marked[j]);
  }

  /** Ones at the weights of the marked neurons, to multiply. */
  NDArray mask(NDManager scope, NDArray weight) {
    return layer.mask(scope, weight, marked);
  }

  /** Marks the lowest values, that share of them rounded down; the first of equals. */
  static boolean[] lowest(double[] values, double share) {
    boolean[] lowest = new boolean[values.length];
    IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer j) -> values[j]))
        .limit((long) Math.floor(share * values.length + ROUNDING))
        .forEach(j -> lowest[j] = true);
    return lowest;
  }
}
