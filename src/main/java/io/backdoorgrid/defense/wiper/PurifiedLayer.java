package io.backdoorgrid.defense.wiper;

import static io.backdoorgrid.algorithm.Checks.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.net.ConvUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The neurons of one layer with the weights by which WIPER judges and purifies them.
 *
 * @param weights of the layer; a projection that reads the same channels counts as part of it
 * @param axis along which the neurons lie: 1 if they are what the layer reads, 0 if what it writes
 */
public record PurifiedLayer(List<NDArray> weights, int axis) {

  /**
   * The last layer with its inputs as neurons, then the given number of convolutions before it,
   * last first.
   */
  public static List<PurifiedLayer> byInputs(Classifier classifier, int convolutions) {
    return of(classifier, convolutions, readers(classifier.units()), 1);
  }

  /**
   * The last layer with its logits as neurons, then the given number of convolutions before it,
   * last first.
   */
  static List<PurifiedLayer> byOutputs(Classifier classifier, int convolutions) {
    List<List<NDArray>> kernels =
        classifier.units().stream().map(unit -> List.of(unit.conv().weight())).toList();
    return of(classifier, convolutions, kernels, 0);
  }

  private static List<PurifiedLayer> of(
      Classifier classifier, int convolutions, List<List<NDArray>> kernels, int axis) {
    require(
        convolutions <= kernels.size(),
        "purified-layers asks for %d convolutions, but this network has %d with hidden neurons",
        convolutions,
        kernels.size());
    var layers = new ArrayList<PurifiedLayer>();
    layers.add(new PurifiedLayer(List.of(classifier.head().weight()), axis));
    for (int i = 1; i <= convolutions; i++) {
      layers.add(new PurifiedLayer(kernels.get(kernels.size() - i), axis));
    }
    return layers;
  }

  /**
   * The kernels that read the same channels, in the order of computation. Layers read the same if
   * the same convolutions write to them; the first, which reads the image, is left out.
   */
  private static List<List<NDArray>> readers(List<ConvUnit> units) {
    var kernels = new LinkedHashMap<List<String>, List<NDArray>>();
    for (ConvUnit unit : units) {
      List<String> writers =
          units.stream()
              .filter(writer -> writer.consumers().contains(unit.name()))
              .map(ConvUnit::name)
              .toList();
      if (!writers.isEmpty()) {
        kernels.computeIfAbsent(writers, none -> new ArrayList<>()).add(unit.conv().weight());
      }
    }
    return List.copyOf(kernels.values());
  }

  int neurons() {
    return (int) weights.get(0).getShape().get(axis);
  }

  /** What each weight array becomes under {@code measure}, summed over each neuron's weights. */
  double[] sums(UnaryOperator<NDArray> measure) {
    double[] sums = new double[neurons()];
    for (NDArray weight : weights) {
      double[] part = AxisSums.doubles(AxisSums.sumPer(axis, measure.apply(weight)));
      Arrays.setAll(sums, j -> sums[j] + part[j]);
    }
    return sums;
  }

  /** Ones at the places of the chosen neurons in {@code weight}, zeros elsewhere, to multiply. */
  NDArray mask(NDManager scope, NDArray weight, boolean[] chosen) {
    float[] values = new float[chosen.length];
    for (int j = 0; j < values.length; j++) {
      values[j] = chosen[j] ? 1 : 0;
    }
    long[] shape = new long[weight.getShape().dimension()];
    Arrays.fill(shape, 1);
    shape[axis] = values.length;
    return scope.create(values, new Shape(shape));
  }
}
