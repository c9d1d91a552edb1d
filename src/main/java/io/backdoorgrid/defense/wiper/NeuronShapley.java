package io.backdoorgrid.defense.wiper;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.torch.Linear;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Neuron Shapley (Ghorbani and Zou, NeurIPS 2020) of the inputs of the last layer: what a neuron
 * adds to the performance v when it joins the others one by one, on average over random orders.
 *
 * <p>All coalitions of one order are prefixes of it, so their logits are one cumulative sum.
 *
 * @param orders how many are drawn
 * @param truncation as soon as the others' performance is this close to everyone's, the remaining
 *     neurons of an order get 0; with 0, the sum over all neurons is exactly {@code v(all) -
 *     v(none)}
 * @param accuracy v is the accuracy instead of minus the loss
 * @param random draws the orders
 */
record NeuronShapley(int orders, double truncation, boolean accuracy, RandomGenerator random)
    implements NeuronImportance {

  /** Bounds the memory of the (neurons, images, classes) logits. */
  private static final int CHUNK = 128;

  @Override
  public double[] of(PurifiedLayer layer, Observation seen) {
    double[] sums = new double[layer.neurons()];
    for (int i = 0; i < orders; i++) {
      addMarginals(seen, Seed.permutation(sums.length, random), sums);
    }
    return Arrays.stream(sums).map(sum -> sum / orders).toArray();
  }

  private void addMarginals(Observation seen, int[] order, double[] sums) {
    double[] performance = performance(seen, order);
    double all = performance[order.length];
    for (int k = 0; k < order.length; k++) {
      if (Math.abs(all - performance[k]) < truncation) {
        return;
      }
      sums[order[k]] += performance[k + 1] - performance[k];
    }
  }

  /** v of the empty coalition and of all prefixes of {@code order}. */
  private double[] performance(Observation seen, int[] order) {
    int images = (int) seen.features().getShape().get(0);
    double[] sums = new double[order.length + 1];
    for (int from = 0; from < images; from += CHUNK) {
      try (NDManager scope = seen.features().getManager().newSubManager()) {
        var rows = new NDIndex("{}:{}", from, Math.min(from + CHUNK, images));
        NDArray features = seen.features().get(scope, rows);
        NDArray labels = seen.labels().get(scope, rows);
        NDArray none = seen.head().apply(features.mul(0)).expandDims(0);
        sums[0] += totals(none, labels)[0];
        double[] prefixes = totals(none.add(parts(scope, features, seen.head(), order)), labels);
        for (int k = 0; k < prefixes.length; k++) {
          sums[k + 1] += prefixes[k];
        }
      }
    }
    return Arrays.stream(sums).map(sum -> sum / images).toArray();
  }

  /** What all prefixes of {@code order} add to the logits: (neurons, images, classes). */
  private static NDArray parts(NDManager scope, NDArray features, Linear head, int[] order) {
    NDArray positions = scope.create(Arrays.stream(order).asLongStream().toArray());
    NDArray weight = head.weight().duplicate();
    weight.attach(scope);
    NDArray columns = weight.transpose().get(positions).expandDims(1);
    return features.transpose().get(positions).expandDims(2).mul(columns).cumSum(0);
  }

  /** v, summed over the images, of each coalition's logits (coalitions, images, classes). */
  private double[] totals(NDArray logits, NDArray labels) {
    if (accuracy) {
      NDArray right = logits.argMax(2).eq(labels).toType(DataType.FLOAT32, false);
      return AxisSums.doubles(right.sum(new int[] {1}));
    }
    int classes = (int) logits.getShape().get(2);
    NDArray hits = labels.oneHot(classes, DataType.FLOAT32);
    return AxisSums.doubles(logits.logSoftmax(2).mul(hits).sum(new int[] {1, 2}));
  }
}
