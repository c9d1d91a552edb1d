package io.backdoorgrid.torch;

import static io.backdoorgrid.algorithm.Checks.require;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;

/** Weights are matched by name and shape, never by position: what does not fit is refused. */
public final class StoredWeights {

  private StoredWeights() {}

  /**
   * Gives a network stored weights, as {@link Layer#weights} gives them.
   *
   * @param manager owns the arrays
   * @throws IllegalArgumentException if names or shapes are not those of the network
   */
  public static void load(NDManager manager, Layer network, SafeTensors weights) {
    Map<String, SafeTensors.Tensor> tensors = weights.tensors();
    requireFit(network, tensors);
    network.initialize(
        manager, name -> (owner, shape, type) -> owner.create(tensors.get(name).values(), shape));
  }

  /**
   * @throws IllegalArgumentException if names or shapes are not those of the network
   */
  public static void requireFit(Layer network, Map<String, SafeTensors.Tensor> tensors) {
    Map<String, Parameter> parameters = network.namedParameters();
    parameters.forEach(
        (name, parameter) -> {
          SafeTensors.Tensor tensor = tensors.get(name);
          require(tensor != null, "the weights have no '%s', which the architecture needs", name);
          require(
              Arrays.equals(tensor.shape(), parameter.getShape().getShape()),
              "'%s' has shape %s, the architecture needs %s",
              name,
              Arrays.toString(tensor.shape()),
              parameter.getShape());
        });
    var others = new TreeSet<>(tensors.keySet());
    others.removeAll(parameters.keySet());
    require(others.isEmpty(), "the architecture has no place for the weights %s", others);
  }
}
