package io.backdoorgrid.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.backdoorgrid.torch.Layer;
import io.backdoorgrid.torch.Linear;
import java.util.List;

/** A classifying network: features of an image, and a linear head that makes logits of them. */
public abstract class Network extends Layer {

  /** Normalised images (n, channels, height, width) to the head's input (n, d). */
  public abstract NDArray features(NDArray images, boolean training);

  /** The last layer, (classes, d). */
  public abstract Linear head();

  /** Every convolution, in the order of computation. */
  public abstract List<ConvUnit> units();

  /** Normalised images to (n, classes) float32 logits. */
  public final NDArray logits(NDArray images, boolean training) {
    return head().apply(features(images, training));
  }

  @Override
  protected final NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> options) {
    return new NDList(logits(inputs.singletonOrThrow(), training));
  }

  @Override
  public final Shape[] getOutputShapes(Shape[] inputShapes) {
    long classes = head().bias().getShape().get(0);
    return new Shape[] {new Shape(inputShapes[0].get(0), classes)};
  }
}
