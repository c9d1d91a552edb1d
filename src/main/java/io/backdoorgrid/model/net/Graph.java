package io.backdoorgrid.model.net;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.data.ImageShape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The data flow of a network: its description with blocks unfolded and inputs resolved. Nothing
 * here needs native code.
 *
 * <p>Values flow through the network, numbered in the order of computation. Value 0 is the images,
 * and each operation computes the next one.
 */
final class Graph {

  /** The value that is given: the images. */
  static final int IMAGES = 0;

  private final List<Operation> operations = new ArrayList<>();
  private final List<ImageShape> shapes = new ArrayList<>(); // by value
  private final Map<String, Integer> outputs = new LinkedHashMap<>(); // of layers and blocks

  /**
   * @throws IllegalArgumentException if two layers have the same name, or the paths of a residual
   *     differ in shape
   */
  Graph(List<LayerSpec> layers, ImageShape images) {
    shapes.add(images);
    addAll("", layers, IMAGES);
  }

  private int addAll(String prefix, List<LayerSpec> layers, int input) {
    int value = input;
    for (LayerSpec layer : layers) {
      value = add(prefix, layer, value);
    }
    return value;
  }

  private int add(String prefix, LayerSpec layer, int input) {
    String name = prefix + layer.name();
    int output;
    if (layer instanceof LayerSpec.Block block) {
      output = addAll(name + ".", block.layers(), input);
    } else if (layer instanceof LayerSpec.Residual residual) {
      int main = addAll(prefix, residual.main(), input);
      int shortcut = addAll(prefix, residual.shortcut(), input);
      require(
          shapes.get(main).equals(shapes.get(shortcut)),
          "'%s' cannot add the main path's %s and the shortcut's %s",
          name,
          shapes.get(main),
          shapes.get(shortcut));
      output = append(name, layer, List.of(main, shortcut));
    } else {
      output = append(name, layer, List.of(input));
    }
    require(outputs.put(name, output) == null, "two layers are called '%s'", name);
    return output;
  }

  private int append(String name, LayerSpec layer, List<Integer> inputs) {
    int output = shapes.size();
    operations.add(new Operation(name, layer, inputs, output));
    shapes.add(layer.output(shapes.get(inputs.get(0))));
    return output;
  }

  /** In the order of computation, which is also that of the description. */
  List<Operation> operations() {
    return Collections.unmodifiableList(operations);
  }

  /** Values that are computed, and the images. */
  int values() {
    return shapes.size();
  }

  ImageShape shape(int value) {
    return shapes.get(value);
  }

  /** The operation that computes this value, which is not that of the images. */
  Operation source(int value) {
    return operations.get(value - 1);
  }

  /** The operations that read this value. */
  List<Operation> readers(int value) {
    return operations.stream().filter(operation -> operation.inputs().contains(value)).toList();
  }

  /**
   * The output of a layer or block.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  int output(String name) {
    Integer value = outputs.get(name);
    require(
        value != null,
        "the network has no layer '%s'; its outermost layers are %s",
        name,
        outputs.keySet().stream().filter(layer -> !layer.contains(".")).toList());
    return value;
  }

  /**
   * Names of the layers that read this value's channels, as they are or as part of what batch
   * norms, rectifiers, pooling and sums make of them.
   */
  List<String> consumers(int value) {
    var names = new ArrayList<String>();
    var carriers = new BitSet(); // values whose channel k depends on channel k of the given one
    carriers.set(value);
    for (Operation operation : operations) {
      if (operation.inputs().stream().anyMatch(carriers::get)) {
        if (operation.layer().mixesChannels()) {
          names.add(operation.name());
        } else {
          carriers.set(operation.output());
        }
      }
    }
    return names;
  }

  /** All convolutions, in the order of computation. */
  List<ConvShape> convolutions() {
    var convolutions = new ArrayList<ConvShape>();
    for (Operation operation : operations) {
      if (operation.layer() instanceof LayerSpec.Convolution conv) {
        convolutions.add(
            new ConvShape(
                shape(operation.input()), shape(operation.output()), conv.size(), conv.stride()));
      }
    }
    return convolutions;
  }
}
