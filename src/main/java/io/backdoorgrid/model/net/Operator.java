package io.backdoorgrid.model.net;

import ai.djl.ndarray.NDArray;
import io.backdoorgrid.model.net.LayerSpec.BatchNorm;
import io.backdoorgrid.model.net.LayerSpec.Convolution;
import io.backdoorgrid.model.net.LayerSpec.FullyConnected;
import io.backdoorgrid.model.net.LayerSpec.GlobalAveragePool;
import io.backdoorgrid.model.net.LayerSpec.Relu;
import io.backdoorgrid.model.net.LayerSpec.Residual;
import io.backdoorgrid.torch.Ops;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * Native code for a layer, or for several successive layers together.
 *
 * @param binding makes a kernel of it
 * @param layers their kinds, in the order of computation
 */
record Operator(Binding binding, List<Class<? extends LayerSpec>> layers) {

  /** The computation of layers with certain weights. */
  interface Kernel {
    /**
     * @param x input of the first layer
     * @param shortcut what the {@link Residual} among the layers adds, ignored if there is none
     */
    NDArray apply(NDArray x, NDArray shortcut, boolean training);
  }

  /** Finds the weights by the first layer: those of a batch norm behind it are paired with it. */
  interface Binding {
    /**
     * @param first the layer's full name
     */
    Kernel bind(Modules modules, String first);
  }

  /** All operators; of two that end in the same layers, the longer one comes first. */
  static final List<Operator> ALL =
      List.of(
          of(
              (modules, first) -> modules.pair(first).orElseThrow()::applyAddRelu,
              Convolution.class,
              BatchNorm.class,
              Residual.class,
              Relu.class),
          of(
              (modules, first) -> unary(modules.pair(first).orElseThrow()::applyRelu),
              Convolution.class,
              BatchNorm.class,
              Relu.class),
          of(
              (modules, first) -> unary(modules.pair(first).orElseThrow()::apply),
              Convolution.class,
              BatchNorm.class),
          of(
              (modules, first) -> unary(modules.norm(first)::applyRelu),
              BatchNorm.class,
              Relu.class),
          of((modules, first) -> unary(modules.norm(first)::apply), BatchNorm.class),
          of((modules, first) -> plain(modules.convolution(first)::apply), Convolution.class),
          of((modules, first) -> plain(modules.linear(first)::apply), FullyConnected.class),
          of((modules, first) -> plain(Ops::relu), Relu.class),
          of((modules, first) -> plain(Ops::globalAveragePool), GlobalAveragePool.class),
          of((modules, first) -> (x, y, training) -> Ops.add(x, y), Residual.class));

  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  private static Operator of(Binding binding, Class<? extends LayerSpec>... layers) {
    return new Operator(binding, List.of(layers));
  }

  /** For what adds no shortcut. */
  private static Kernel unary(BiFunction<NDArray, Boolean, NDArray> kernel) {
    return (x, shortcut, training) -> kernel.apply(x, training);
  }

  /** For what computes the same in training and evaluation. */
  private static Kernel plain(UnaryOperator<NDArray> kernel) {
    return (x, shortcut, training) -> kernel.apply(x);
  }
}
