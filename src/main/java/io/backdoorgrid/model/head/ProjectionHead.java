package io.backdoorgrid.model.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.model.InitialWeights;
import io.backdoorgrid.torch.BatchNorm2d;
import io.backdoorgrid.torch.Layer;
import io.backdoorgrid.torch.Linear;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import java.util.random.RandomGenerator;

/**
 * The layers that contrastive learning puts behind the features and discards afterwards, in the
 * shape of DBD (Huang et al., ICLR 2022): linear, batch-norm, ReLU, linear. The loss normalizes.
 */
public final class ProjectionHead extends Layer {

  private final Linear first;
  private final BatchNorm2d norm;
  private final Linear second;

  private ProjectionHead(int features, int size) {
    this.first = add("first", new Linear(features, features));
    this.norm = add("norm", new BatchNorm2d(features));
    this.second = add("second", new Linear(features, size));
  }

  /**
   * A head with fresh weights, all drawn from {@code random}.
   *
   * @param manager owns the weights
   */
  public static ProjectionHead create(
      NDManager manager, int features, int size, RandomGenerator random) {
    var head = new ProjectionHead(features, size);
    head.initialize(manager, new InitialWeights(random)::of);
    return head;
  }

  /** Features (n, d), in any precision, to (n, size) float32. */
  public NDArray project(NDArray features, boolean training) {
    NDArray hidden = first.apply(Ops.cast(features, Precision.FLOAT32));
    return second.apply(norm.applyRelu(hidden, training));
  }
}
