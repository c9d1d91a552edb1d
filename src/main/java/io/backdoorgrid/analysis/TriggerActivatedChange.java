package io.backdoorgrid.analysis;

import static io.backdoorgrid.algorithm.Checks.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.net.ConvUnit;
import io.backdoorgrid.torch.Conv2d;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trigger-activated change (TAC; Zheng et al., "Data-free Backdoor Removal based on Channel
 * Lipschitzness", ECCV 2022, section 4.2): how much a trigger changes each channel.
 *
 * <p>{@code TAC_k = mean_x || F_k(x) - F_k(x') ||} with F_k the map of channel k of a layer, x a
 * test image and x' the same with the trigger on. Channels of a clean network change, too; those of
 * a backdoor stand out in their layer.
 *
 * <p>Each unit is computed once more, in float32, of what it read in the evaluation pass. In
 * bfloat16 the difference of two outputs would mostly be rounding.
 *
 * @param tap which map is taken
 * @param norm of the difference
 */
public record TriggerActivatedChange(Tap tap, MapNorm norm) {

  /** Both halves of a batch go through the network together. */
  private static final int PAIRS_PER_BATCH = 100;

  /**
   * The mean over all pairs: one value per channel, 0 or more, by unit in the order of computation.
   *
   * @throws IllegalArgumentException if there are no pairs
   */
  public Map<String, double[]> of(Classifier classifier, Pairs pairs) {
    var means = new LinkedHashMap<String, double[]>();
    ofEach(classifier, pairs).forEach((unit, changes) -> means.put(unit, mean(changes)));
    return means;
  }

  /** The same for each pair by itself, in their order. */
  Map<String, List<double[]>> ofEach(Classifier classifier, Pairs pairs) {
    require(pairs.size() > 0, "the change by a trigger needs pairs of images, got none");
    var changes = new LinkedHashMap<String, List<double[]>>();
    List<Conv2d.Watch> observations = new ArrayList<>();
    try {
      for (ConvUnit unit : classifier.units()) {
        List<double[]> its = new ArrayList<>();
        changes.put(unit.name(), its);
        observations.add(unit.observe(input -> add(unit, input, its)));
      }
      pass(classifier, pairs);
    } finally {
      observations.forEach(Conv2d.Watch::close);
    }
    return changes;
  }

  private static void pass(Classifier classifier, Pairs pairs) {
    int size = pairs.clean().shape().size();
    int batch = Math.min(PAIRS_PER_BATCH, pairs.size());
    ByteBuffer pixels = ByteBuffer.allocateDirect(2 * batch * size);
    for (int from = 0; from < pairs.size(); from += batch) {
      int count = Math.min(batch, pairs.size() - from);
      pixels.clear();
      pixels.put(pairs.clean().pixels(), from * size, count * size);
      pixels.put(pairs.triggered().pixels(), from * size, count * size);
      pixels.flip();
      try (NDManager scope = classifier.manager().newSubManager()) {
        classifier.features(classifier.input(scope, pixels), false);
      }
    }
  }

  /** Adds the changes of one batch, whose second half has the trigger. */
  private void add(ConvUnit unit, NDArray input, List<double[]> changes) {
    try (NDManager scope = input.getManager().newSubManager()) {
      NDArray exact = Ops.cast(input, Precision.FLOAT32);
      exact.attach(scope);
      NDList halves = tap.of(unit, exact).split(2);
      float[] values = norm.of(halves.get(0).sub(halves.get(1))).toFloatArray();
      for (int from = 0; from < values.length; from += unit.channels()) {
        double[] ofOne = new double[unit.channels()];
        for (int k = 0; k < ofOne.length; k++) {
          ofOne[k] = values[from + k];
        }
        changes.add(ofOne);
      }
    }
  }

  /** Over the pairs. */
  static double[] mean(List<double[]> changes) {
    double[] mean = new double[changes.get(0).length];
    for (double[] change : changes) {
      for (int k = 0; k < mean.length; k++) {
        mean[k] += change[k] / changes.size();
      }
    }
    return mean;
  }
}
