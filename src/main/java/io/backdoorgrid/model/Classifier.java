package io.backdoorgrid.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.Normalization;
import io.backdoorgrid.model.net.Architecture;
import io.backdoorgrid.model.net.ConvUnit;
import io.backdoorgrid.model.net.Network;
import io.backdoorgrid.torch.Linear;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.StoredWeights;
import io.backdoorgrid.torch.Torch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * A network with its weights and everything needed to classify raw images. Attacks plant backdoors
 * in classifiers, and defenses repair them.
 *
 * <p>It owns native memory and must be closed. It is used by one thread at a time.
 */
public final class Classifier implements Predictor, FeatureExtractor {

  /** Images that {@link #predict} classifies at a time. */
  public static final int EVALUATION_BATCH = 500;

  /** Receives one batch of a pass over images. */
  public interface Visitor {

    /**
     * @param input what {@link #input} gives; what its manager owns ends with the visit
     * @param from position of the batch's first image
     */
    void visit(NDArray input, int from);
  }

  /**
   * What a classifier is, apart from its weights.
   *
   * @param shape of the images
   * @param precision of its convolutions and matrix products
   */
  public record Design(
      Architecture architecture,
      ImageShape shape,
      int classes,
      Normalization normalization,
      Precision precision,
      Device device) {

    /** The same in another precision. */
    Design with(Precision other) {
      return new Design(architecture, shape, classes, normalization, other, device);
    }
  }

  private final Design design;
  private final NDManager manager;
  private final Network network;
  private final NDArray mean;
  private final NDArray scale;

  private Classifier(Design design, Function<String, Initializer> initializers) {
    this.design = design;
    this.manager = Torch.newManager(design.device());
    this.network = design.architecture().build(design.shape(), design.classes());
    network.initialize(manager, initializers);
    this.mean = perChannel(c -> design.normalization().mean()[c] * 255);
    this.scale = perChannel(c -> 1 / (design.normalization().deviation()[c] * 255));
  }

  private NDArray perChannel(Function<Integer, Float> value) {
    float[] values = new float[design.shape().channels()];
    for (int c = 0; c < values.length; c++) {
      values[c] = value.apply(c);
    }
    return manager.create(values);
  }

  /** A classifier with fresh weights, all drawn from {@code random} in the order of the layers. */
  public static Classifier create(Design design, RandomGenerator random) {
    return new Classifier(design, new InitialWeights(random)::of);
  }

  /**
   * A classifier with stored weights.
   *
   * @throws IllegalArgumentException if names or shapes are not those of the architecture
   */
  public static Classifier load(Design design, SafeTensors weights) {
    Map<String, SafeTensors.Tensor> tensors = weights.tensors();
    StoredWeights.requireFit(
        design.architecture().build(design.shape(), design.classes()), tensors);
    return new Classifier(
        design,
        name -> (manager, shape, type) -> manager.create(tensors.get(name).values(), shape));
  }

  /** A deep copy: changing one leaves the other as it is. */
  public Classifier copy() {
    return copy(design.precision());
  }

  /** A deep copy that computes in another precision. */
  public Classifier copy(Precision precision) {
    Map<String, Parameter> originals = network.namedParameters();
    return new Classifier(
        design.with(precision),
        name ->
            (target, shape, type) -> {
              NDArray copy = originals.get(name).getArray().duplicate();
              copy.attach(target);
              return copy;
            });
  }

  /** Takes over all weights and running statistics of another of the same architecture. */
  public void takeOver(Classifier other) {
    Ops.average(List.copyOf(state().values()), List.copyOf(other.state().values()), 1);
  }

  public Design design() {
    return design;
  }

  @Override
  public NDManager manager() {
    return manager;
  }

  /** Every convolution with its batch-norm, in the order of computation. */
  public List<ConvUnit> units() {
    return network.units();
  }

  /** The last, fully connected layer. */
  public Linear head() {
    return network.head();
  }

  /** The arrays that training changes: everything but the running statistics. */
  public List<NDArray> trainable() {
    return network.trainable();
  }

  /** The same without the head's: what training features changes. */
  public List<NDArray> featureWeights() {
    return trainable().stream()
        .filter(array -> array != head().weight() && array != head().bias())
        .toList();
  }

  /** All weights and running statistics, by name. */
  public Map<String, NDArray> state() {
    return network.arrays();
  }

  /** All weights and running statistics under their PyTorch names. */
  public SafeTensors weights() {
    return network.weights();
  }

  /**
   * Raw images as the network takes them.
   *
   * @param scope owns the result
   * @param pixels whole images, row by row, channels together; read, not kept
   */
  public NDArray input(NDManager scope, ByteBuffer pixels) {
    ImageShape shape = design.shape();
    int count = pixels.remaining() / shape.size();
    NDArray bytes =
        scope.create(
            pixels,
            new Shape(count, shape.height(), shape.width(), shape.channels()),
            DataType.UINT8);
    return input(bytes);
  }

  /**
   * Pixels as the network takes them, differentiably.
   *
   * @param pixels (n, height, width, channels) on the scale 0 to 255, float32 or unsigned bytes
   */
  public NDArray input(NDArray pixels) {
    return Ops.images(pixels, mean, scale, design.precision());
  }

  /**
   * The features (n, d) that {@link #head} reads, in the precision of {@code input}, which {@link
   * #input} returned.
   */
  public NDArray features(NDArray input, boolean training) {
    return network.features(input, training);
  }

  /** Logits (n, classes) of what {@link #input} returned. */
  public NDArray logits(NDArray input, boolean training) {
    return network.logits(input, training);
  }

  /**
   * Outputs of inner layers for what {@link #input} returned, in its precision; see {@link
   * Network#outputs}.
   *
   * @param layers full names of layers or blocks, such as {@code layer3} or {@code layer1.0.bn2}
   * @return by name, in the given order
   */
  public Map<String, NDArray> outputs(List<String> layers, NDArray input, boolean training) {
    return network.outputs(layers, input, training);
  }

  /** Logits together with outputs of inner layers, in one pass; see {@link Network#taps}. */
  public Network.Taps taps(List<String> layers, NDArray input, boolean training) {
    return network.taps(layers, input, training);
  }

  /** Names of the network's parts, from the images to the logits; see {@link Network#stages}. */
  public List<String> stages() {
    return network.stages();
  }

  @Override
  public int dimension() {
    return (int) head().weight().getShape().get(1);
  }

  @Override
  public NDArray features(NDManager scope, LabeledImages images) {
    int width = dimension();
    float[] features = new float[Math.multiplyExact(images.size(), width)];
    evaluate(
        images,
        (input, from) -> {
          float[] batch =
              Ops.cast(network.features(input, false), Precision.FLOAT32).toFloatArray();
          System.arraycopy(batch, 0, features, from * width, batch.length);
        });
    return scope.create(features, new Shape(images.size(), width));
  }

  @Override
  public int[] predict(LabeledImages images) {
    int[] predictions = new int[images.size()];
    evaluate(
        images,
        (input, from) -> {
          long[] batch = Ops.predictions(logits(input, false)).toLongArray();
          for (int i = 0; i < batch.length; i++) {
            predictions[from + i] = (int) batch[i];
          }
        });
    return predictions;
  }

  /**
   * Goes through all images in their order, for passes in evaluation mode that record no gradients:
   * batch-norms are folded into the kernels once for all of them. Weights must not change
   * meanwhile.
   */
  public void evaluate(LabeledImages images, Visitor visitor) {
    network.folded(
        manager, design.precision(), () -> forEachBatch(images, EVALUATION_BATCH, visitor));
  }

  /**
   * Goes through all images in their order.
   *
   * @param batch images at a time; the last may have fewer
   */
  public void forEachBatch(LabeledImages images, int batch, Visitor visitor) {
    int size = images.shape().size();
    ByteBuffer buffer = ByteBuffer.allocateDirect(Math.min(batch, images.size()) * size);
    for (int from = 0; from < images.size(); from += batch) {
      int count = Math.min(batch, images.size() - from);
      buffer.clear().put(images.pixels(), from * size, count * size).flip();
      try (NDManager scope = manager.newSubManager()) {
        visitor.visit(input(scope, buffer), from);
      }
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
