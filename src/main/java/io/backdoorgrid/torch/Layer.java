package io.backdoorgrid.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A DJL block whose parameters go by the names that a PyTorch user knows, such as {@code
 * layer1.0.conv1.weight}.
 *
 * <p>Layers know their shapes when they are built. They compute by typed methods such as {@code
 * apply}, which say what a layer needs, and not by DJL's {@code forward}.
 */
public abstract class Layer extends AbstractBlock {

  private final Map<String, Layer> layers = new LinkedHashMap<>();

  /** Adds a child under the name it has in PyTorch. */
  protected final <L extends Layer> L add(String name, L layer) {
    layers.put(name, layer);
    return addChildBlock(name, layer);
  }

  /** Adds a parameter of a known shape; running statistics get no gradients. */
  protected final Parameter add(String name, Parameter.Type type, long... shape) {
    boolean statistic = type == Parameter.Type.RUNNING_MEAN || type == Parameter.Type.RUNNING_VAR;
    return addParameter(
        Parameter.builder()
            .setName(name)
            .setType(type)
            .optShape(new Shape(shape))
            .optRequiresGrad(!statistic)
            .build());
  }

  /** All parameters below this layer by their full PyTorch name, batch-norm statistics included. */
  public final Map<String, Parameter> namedParameters() {
    var result = new LinkedHashMap<String, Parameter>();
    collect("", result);
    return result;
  }

  /**
   * Gives every parameter below this layer its first values.
   *
   * @param manager owns the arrays
   * @param initializers by full name
   */
  public final void initialize(NDManager manager, Function<String, Initializer> initializers) {
    namedParameters()
        .forEach((name, parameter) -> parameter.setInitializer(initializers.apply(name)));
    initialize(manager, DataType.FLOAT32, new Shape(1));
  }

  /** The arrays that training changes: everything but the running statistics. */
  public final List<NDArray> trainable() {
    return namedParameters().values().stream()
        .filter(Parameter::requiresGradient)
        .map(Parameter::getArray)
        .toList();
  }

  /** All weights and running statistics, by their full PyTorch name. */
  public final Map<String, NDArray> arrays() {
    var arrays = new LinkedHashMap<String, NDArray>();
    namedParameters().forEach((name, parameter) -> arrays.put(name, parameter.getArray()));
    return arrays;
  }

  /** All weights and running statistics under their PyTorch names. */
  public final SafeTensors weights() {
    return new SafeTensors(Stateful.of(arrays()).state());
  }

  private void collect(String prefix, Map<String, Parameter> result) {
    parameters.forEach((name, parameter) -> result.put(prefix + name, parameter));
    layers.forEach((name, layer) -> layer.collect(prefix + name + ".", result));
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
    layers.values().forEach(layer -> layer.initialize(manager, dataType, inputShapes));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> options) {
    throw new IllegalStateException(
        getClass().getSimpleName() + " computes by its own methods, not by forward");
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return inputShapes;
  }
}
