package io.backdoorgrid.defense.wiper;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requireShare;

import java.util.random.RandomGenerator;

/**
 * How WIPER ranks neurons: by a measure of their importance for clean images, averaged over time.
 *
 * @param importance the measure: {@code bs}, or its rivals in tables 2 and 3 and section A.1, of
 *     which all except {@code gradient} are defined only for the inputs of the last layer
 * @param eta weight of the old importance in its moving average (equation 3), 0 to 1
 * @param renewal when importance is measured anew
 * @param penaltyInSalience whether salience is that of the whole loss, penalty included
 * @param pathPoints midpoints of the path of {@code integrated-gradient}, at least 1
 * @param permutations orders that {@code shapley} draws, at least 1
 * @param truncation distance from the full performance at which {@code shapley} ends an order, not
 *     negative
 */
public record Ranking(
    Importance importance,
    double eta,
    Renewal renewal,
    boolean penaltyInSalience,
    int pathPoints,
    int permutations,
    double truncation) {

  /** Measures of a neuron's importance for clean images. */
  public enum Importance {
    /** Benign salience. */
    BS,
    /** Mean activation magnitude. */
    AM,
    /** Mean of {@code |w x|}, summed over a neuron's weights. */
    AM_WEIGHTED,
    /** Magnitude of the mean gradient, summed over a neuron's weights. */
    GRADIENT,
    /** Integrated gradients of minus the loss, from features of 0. */
    INTEGRATED_GRADIENT,
    /** Neuron Shapley, performance being minus the loss. */
    SHAPLEY,
    /** Neuron Shapley, performance being accuracy. */
    SHAPLEY_ACCURACY
  }

  /** When importance is measured anew. */
  public enum Renewal {
    /** With each batch, on its own gradients. */
    BATCH,
    /** After each epoch, over all clean images. */
    EPOCH
  }

  public Ranking {
    requireShare("eta", eta);
    require(pathPoints >= 1, "path-points must be at least 1, got %d", pathPoints);
    require(permutations >= 1, "permutations must be at least 1, got %d", permutations);
    require(truncation >= 0, "truncation must not be negative, got %s", truncation);
  }

  /** By benign salience, renewed with each batch, as in the paper. */
  Ranking() {
    this(Importance.BS, 0.9, Renewal.BATCH, false, 20, 100, 0.005);
  }

  /**
   * Whether the measure is defined for the neurons of any layer, not only for the inputs of the
   * last one.
   */
  boolean knowsAllLayers() {
    return importance == Importance.BS || importance == Importance.GRADIENT;
  }

  NeuronImportance measure(RandomGenerator random) {
    return switch (importance) {
      case BS -> new BenignSalience();
      case AM -> new ActivationMagnitude(false);
      case AM_WEIGHTED -> new ActivationMagnitude(true);
      case GRADIENT -> new GradientMagnitude();
      case INTEGRATED_GRADIENT -> new IntegratedGradient(pathPoints);
      case SHAPLEY -> new NeuronShapley(permutations, truncation, false, random);
      case SHAPLEY_ACCURACY -> new NeuronShapley(permutations, truncation, true, random);
    };
  }
}
