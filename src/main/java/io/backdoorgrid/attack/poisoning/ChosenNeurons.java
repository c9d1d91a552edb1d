package io.backdoorgrid.attack.poisoning;

import static io.backdoorgrid.algorithm.Checks.require;

import ai.djl.ndarray.NDArray;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.Ops;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Neurons of a network's last hidden layer and the activation that they should reach.
 *
 * @param network in float32
 * @param neurons positions among its features
 * @param activation that they should reach
 */
record ChosenNeurons(Classifier network, int[] neurons, double activation) {

  /**
   * The neurons with the largest sums of absolute weights to all classes in the head, in that
   * order.
   */
  static ChosenNeurons strongest(Classifier network, int count, double activation) {
    int width = network.dimension();
    require(
        count <= width,
        "neurons must be at most the %d that the network has, got %d",
        width,
        count);
    double[] sums = new double[width];
    float[] weights = network.head().weight().toFloatArray();
    for (int i = 0; i < weights.length; i++) {
      sums[i % width] += Math.abs(weights[i]);
    }
    int[] neurons =
        IntStream.range(0, width)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -sums[i]))
            .limit(count)
            .mapToInt(i -> i)
            .toArray();
    return new ChosenNeurons(network, neurons, activation);
  }

  /**
   * The sum of their squared distances from the wanted activation, in evaluation mode;
   * differentiable where gradients are recorded.
   *
   * @param input one image as the network takes it
   * @param magnitudes whether a negative activation of that size counts, too
   */
  NDArray distance(NDArray input, boolean magnitudes) {
    NDArray positions = input.getManager().create(IntStream.of(neurons).asLongStream().toArray());
    NDArray activations = Ops.rows(network.features(input, false).flatten(), positions);
    NDArray reached = magnitudes ? activations.abs() : activations;
    return reached.sub(activation).square().sum();
  }
}
