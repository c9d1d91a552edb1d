package io.backdoorgrid.defense.wiper;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Activation;
import io.backdoorgrid.torch.Ops;

/** The penalty that pulls the weights of bad neurons to 0 while WIPER fine-tunes. */
public enum Regularizer {
  /**
   * The sum of {@code |w|} up to 1 and {@code exp(|w| - 1)} beyond: adaptive regularization, whose
   * slope grows with the weight (equation 6, evenly continued below -1).
   */
  AR {
    @Override
    NDArray of(NDArray weights, int axis) {
      NDArray size = weights.abs();
      NDArray excess = Activation.relu(size.sub(1));
      return size.sub(excess).add(excess.exp().sub(1)).sum();
    }
  },
  /**
   * AR as printed, {@code -exp(-w - 1)} below -1: a penalty that jumps from 1 to -1 there and
   * pushes such weights further away from 0.
   */
  AR_PRINTED {
    @Override
    NDArray of(NDArray weights, int axis) {
      NDArray below = weights.lt(-1).toType(DataType.FLOAT32, false);
      NDArray printed = Activation.relu(weights.neg().sub(1)).exp().mul(below);
      return AR.of(weights, axis).sub(Ops.scaled(printed, 2).sum());
    }
  },
  /** The sum of {@code |w|}. */
  L1 {
    @Override
    NDArray of(NDArray weights, int axis) {
      return weights.abs().sum();
    }
  },
  /** The sum of squares. */
  L2 {
    @Override
    NDArray of(NDArray weights, int axis) {
      return weights.square().sum();
    }
  },
  /** The sum of each neuron's Euclidean norm: equation 5 to the letter, with k = 2. */
  L2_NORM {
    @Override
    NDArray of(NDArray weights, int axis) {
      // The root alone has no slope at 0, where all neurons stand that are not marked.
      return AxisSums.sumPer(axis, weights.square()).add(SMOOTHING).sqrt().sum();
    }
  };

  private static final double SMOOTHING = 1e-12;

  /**
   * The penalty of {@code weights}, differentiable where gradients are recorded.
   *
   * @param axis of the neurons
   */
  abstract NDArray of(NDArray weights, int axis);
}
