package io.backdoorgrid.model.net;

import static io.backdoorgrid.algorithm.Checks.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.model.net.LayerSpec.Convolution;
import io.backdoorgrid.model.net.LayerSpec.FullyConnected;
import io.backdoorgrid.torch.ConvNorm;
import io.backdoorgrid.torch.Layer;
import io.backdoorgrid.torch.Linear;
import io.backdoorgrid.torch.Precision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A classifying network: features of an image, and a linear head that makes logits of them. */
public final class Network extends Layer {

  private final Graph graph;
  private final Modules modules;
  private final Operation head;
  private final ForwardPass features;
  private final List<ConvUnit> units;
  private final List<String> stages;

  /**
   * @param layers from the images to the logits
   * @throws IllegalArgumentException if they do not end with a fully connected layer, or do not fit
   *     together
   */
  Network(List<LayerSpec> layers, ImageShape input) {
    graph = new Graph(layers, input);
    modules = new Modules(graph);
    modules.layers().forEach(this::add);
    head = graph.source(graph.values() - 1);
    require(
        head.layer() instanceof FullyConnected,
        "a network must end with a fully connected layer, not with '%s'",
        head.name());
    features = new ForwardPass(graph, modules, List.of(head.input()));
    stages =
        layers.stream().filter(LayerSpec.Block.class::isInstance).map(LayerSpec::name).toList();
    units =
        graph.operations().stream()
            .filter(operation -> operation.layer() instanceof Convolution)
            .map(this::unit)
            .toList();
  }

  /** Normalized images (n, channels, height, width) to the head's input (n, d). */
  public NDArray features(NDArray images, boolean training) {
    return features.run(images, training)[head.input()];
  }

  /** Normalized images to (n, classes) float32 logits. */
  public NDArray logits(NDArray images, boolean training) {
    return head().apply(features(images, training));
  }

  /**
   * Outputs of chosen layers in one pass, which computes nothing that they do not depend on.
   *
   * <p>They may differ by rounding from what {@link #features} computes on its way, where several
   * layers are one operator.
   *
   * @param layers full names of layers or blocks, such as {@code layer3} or {@code layer1.0.bn2}
   * @param images normalized, as above
   * @return by name, in the given order
   * @throws IllegalArgumentException if there is no layer of such a name
   */
  public Map<String, NDArray> outputs(List<String> layers, NDArray images, boolean training) {
    var wanted = new LinkedHashMap<String, Integer>();
    layers.forEach(name -> wanted.put(name, graph.output(name)));
    NDArray[] values = new ForwardPass(graph, modules, wanted.values()).run(images, training);
    var outputs = new LinkedHashMap<String, NDArray>();
    wanted.forEach((name, value) -> outputs.put(name, values[value]));
    return outputs;
  }

  /**
   * What a network makes of images, and of what.
   *
   * @param logits (n, classes) float32
   * @param maps outputs of inner layers, in the order in which they were asked for
   */
  public record Taps(NDArray logits, List<NDArray> maps) {}

  /** Logits together with {@link #outputs}, in one pass. */
  public Taps taps(List<String> layers, NDArray images, boolean training) {
    List<Integer> wanted = layers.stream().map(graph::output).toList();
    var all = new ArrayList<>(wanted);
    all.add(head.input());
    NDArray[] values = new ForwardPass(graph, modules, all).run(images, training);
    return new Taps(
        head().apply(values[head.input()]), wanted.stream().map(value -> values[value]).toList());
  }

  /**
   * Names of the outermost blocks, such as {@code layer1}; of all convolutions if there is none.
   */
  public List<String> stages() {
    return stages.isEmpty() ? units.stream().map(ConvUnit::name).toList() : stages;
  }

  /** The last layer, (classes, d). */
  public Linear head() {
    return modules.linear(head.name());
  }

  /** Every convolution, in the order of the description. */
  public List<ConvUnit> units() {
    return units;
  }

  private ConvUnit unit(Operation convolution) {
    String name = convolution.name();
    return new ConvUnit(
        name,
        modules.convolution(name),
        modules.pair(name).map(ConvNorm::norm),
        graph.consumers(convolution.output()));
  }

  /**
   * Prepares passes without training: each batch-norm is folded into its convolution once, not for
   * every batch. The passes may neither change weights or statistics nor ask for gradients.
   *
   * @param precision of the passes
   */
  public void folded(NDManager manager, Precision precision, Runnable passes) {
    try (NDManager owner = manager.newSubManager()) {
      modules.pairs().forEach(pair -> pair.fold(owner, precision));
      passes.run();
    } finally {
      modules.pairs().forEach(ConvNorm::unfold);
    }
  }
}
