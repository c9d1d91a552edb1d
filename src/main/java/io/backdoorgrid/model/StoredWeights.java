package io.backdoorgrid.model;

import static io.backdoorgrid.algorithm.Checks.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Weights matched by name and shape, never by position: what does not fit is refused. */
final class StoredWeights {

  private StoredWeights() {}

  static NDArray create(
      NDManager manager, String name, Shape shape, Map<String, SafeTensors.Tensor> tensors) {
    SafeTensors.Tensor tensor = tensors.get(name);
    require(tensor != null, "the weights have no '%s', which the architecture needs", name);
    require(
        Arrays.equals(tensor.shape(), shape.getShape()),
        "'%s' has shape %s, the architecture needs %s",
        name,
        Arrays.toString(tensor.shape()),
        shape);
    return manager.create(tensor.values(), shape);
  }

  static void requireNoOthers(Set<String> stored, Set<String> needed) {
    var others = new TreeSet<>(stored);
    others.removeAll(needed);
    require(others.isEmpty(), "the architecture has no place for the weights %s", others);
  }
}
