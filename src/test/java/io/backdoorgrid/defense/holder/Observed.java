package io.backdoorgrid.defense.holder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.defense.OneLayer;
import io.backdoorgrid.defense.wiper.Observation;
import io.backdoorgrid.defense.wiper.PurifiedLayer;
import io.backdoorgrid.model.Classifier;
import java.util.IdentityHashMap;

/** Observations of a last layer whose inputs are given instead of computed. */
public final class Observed {

  private Observed() {}

  /** Of one image. */
  public static Observation image(Classifier classifier, int label, float... features) {
    return images(classifier, new long[] {label}, features);
  }

  /** Of several images, their features one after the other. */
  public static Observation images(Classifier classifier, long[] labels, float... features) {
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
  public static Classifier head(int classes, float... weights) {
    double[] kernels = new double[weights.length / classes];
    return OneLayer.of(kernels).head(classes, weights).build();
  }

  /** Whose neurons are the inputs of the last layer. */
  public static PurifiedLayer inputs(Classifier classifier) {
    return PurifiedLayer.byInputs(classifier, 0).get(0);
  }
}
