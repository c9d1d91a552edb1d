package io.backdoorgrid.defense.wiper;

import ai.djl.ndarray.NDManager;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How much each input of the last layer matters for given images, by the measures that the WIPER
 * paper compares in its figures 3 and 4: benign salience, which reveals the neurons of a backdoor,
 * and two others, which do not.
 */
public final class HeadImportance {

  private static final int BATCH = 128;

  /** One of these measures. */
  public enum Measure {
    /** By how much the loss would rise without the neuron, to first order. */
    BENIGN_SALIENCE(new BenignSalience()),
    /** {@code |x|}, averaged over the images. */
    ACTIVATION_MAGNITUDE(new ActivationMagnitude(false)),
    /** {@code |dL/dw|}, summed over the weights that read the neuron. */
    GRADIENT_MAGNITUDE(new GradientMagnitude());

    private final NeuronImportance importance;

    Measure(NeuronImportance importance) {
      this.importance = importance;
    }
  }

  private HeadImportance() {}

  /**
   * One value per neuron, by measure. The loss L is the images' mean cross entropy with their
   * labels.
   */
  public static Map<Measure, double[]> of(Classifier classifier, LabeledImages images) {
    List<PurifiedLayer> head = PurifiedLayer.byInputs(classifier, 0);
    var values = new EnumMap<Measure, double[]>(Measure.class);
    try (NDManager scope = classifier.manager().newSubManager()) {
      Observation seen = Observation.of(scope, classifier, images, head, BATCH);
      for (Measure measure : Measure.values()) {
        values.put(measure, measure.importance.of(head.get(0), seen));
      }
    }
    return values;
  }
}
