package io.backdoorgrid.model.net;

import io.backdoorgrid.model.net.LayerSpec.BatchNorm;
import io.backdoorgrid.torch.BatchNorm2d;
import io.backdoorgrid.torch.Conv2d;
import io.backdoorgrid.torch.ConvNorm;
import io.backdoorgrid.torch.Layer;
import io.backdoorgrid.torch.Linear;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What holds the weights of a {@link Graph}'s layers. */
final class Modules {

  private final Map<String, Layer> layers = new LinkedHashMap<>();
  private final Map<String, ConvNorm> pairs = new LinkedHashMap<>(); // by convolution

  Modules(Graph graph) {
    for (Operation operation : graph.operations()) {
      operation
          .layer()
          .module(graph.shape(operation.input()))
          .ifPresent(layer -> layers.put(operation.name(), layer));
    }
    for (Operation operation : graph.operations()) {
      if (operation.layer() instanceof LayerSpec.Convolution) {
        pairUp(operation, graph.readers(operation.output()));
      }
    }
  }

  private void pairUp(Operation convolution, List<Operation> readers) {
    if (readers.size() == 1 && readers.get(0).layer() instanceof BatchNorm) {
      String name = convolution.name();
      pairs.put(name, new ConvNorm(convolution(name), norm(readers.get(0).name())));
    }
  }

  /** By their full names, in the order of computation. */
  Map<String, Layer> layers() {
    return Collections.unmodifiableMap(layers);
  }

  Conv2d convolution(String name) {
    return (Conv2d) layers.get(name);
  }

  BatchNorm2d norm(String name) {
    return (BatchNorm2d) layers.get(name);
  }

  Linear linear(String name) {
    return (Linear) layers.get(name);
  }

  /** The convolution of that name with its batch norm, if nothing but a batch norm reads it. */
  Optional<ConvNorm> pair(String convolution) {
    return Optional.ofNullable(pairs.get(convolution));
  }

  Collection<ConvNorm> pairs() {
    return Collections.unmodifiableCollection(pairs.values());
  }
}
