package io.backdoorgrid.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.backdoorgrid.torch.ConvNorm;
import io.backdoorgrid.torch.Layer;
import io.backdoorgrid.torch.Linear;
import io.backdoorgrid.torch.Precision;
import java.util.List;

/** A classifying network: features of an image, and a linear head that makes logits of them. */
public abstract class Network extends Layer {

  /** Normalised images (n, channels, height, width) to the head's input (n, d). */
  public abstract NDArray features(NDArray images, boolean training);

  /** The last layer, (classes, d). */
  public abstract Linear head();

  /** Every convolution, in the order of computation. */
  public abstract List<ConvUnit> units();

  /** Every convolution that is computed together with the batch-norm behind it. */
  protected abstract List<ConvNorm> convNorms();

  /**
   * Does passes without training, each batch-norm folded into its convolution once and not for
   * every batch. The passes may neither change weights or statistics nor ask for gradients.
   *
   * @param precision of the passes
   */
  public final void folded(NDManager manager, Precision precision, Runnable passes) {
    try (NDManager owner = manager.newSubManager()) {
      convNorms().forEach(layer -> layer.fold(owner, precision));
      passes.run();
    } finally {
      convNorms().forEach(ConvNorm::unfold);
    }
  }

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
