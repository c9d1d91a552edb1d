package io.backdoorgrid.defense;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.model.Classifier;
import java.util.IdentityHashMap;

/** Observations of a last layer whose inputs are given instead of computed. */
final class Observed {

  private Observed() {}

  /** Of one image. */
  static Observation image(Classifier classifier, int label, float... features) {
    return images(classifier, new long[] {label}, features);
  }

  /** Of several images, their features one after the other. */
  static Observation images(Classifier classifier, long[] labels, float... features) {
    var gradients = new IdentityHashMap<NDArray, NDArray>();
    var seen =
        new Observation(
            classifier
                .manager()
                .create(features, new Shape(labels.length, features.length / labels.length)),
            classifier.manager().create(labels),
            classifier.head(),
            gradients);
    gradients.put(classifier.head().weight(), seen.headGradient());
    return seen;
  }

  /** A network whose last layer has these weights, a row per class. */
  static Classifier head(int classes, float... weights) {
    double[] kernels = new double[weights.length / classes];
    return OneLayer.of(kernels).head(classes, weights).build();
  }

  /** Whose neurons are the inputs of the last layer. */
  static PurifiedLayer inputs(Classifier classifier) {
    return PurifiedLayer.byInputs(classifier, 0).get(0);
  }
}
