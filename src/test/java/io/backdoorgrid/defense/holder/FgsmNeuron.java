package io.backdoorgrid.defense.holder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.defense.holder.HolderConstants.Norm;
import io.backdoorgrid.defense.holder.HolderConstants.Output;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Torch;
import java.util.List;
import java.util.function.Supplier;

/**
 * Algorithm 1 of the paper word for word, in double precision: noise, loss, gradient by autograd,
 * step, clamp; for one sample and one neuron.
 */
final class FgsmNeuron {

  private final HolderConstants settings;
  private final NDArray weights;
  private final double bias;

  FgsmNeuron(NDManager manager, HolderConstants settings, double[] weights, double bias) {
    this.settings = settings;
    this.weights = manager.create(weights);
    this.bias = bias;
  }

  /** The Hölder quotient of a sample and what it becomes. */
  double quotient(double[] sample, double[] noise) {
    try (NDManager scope = weights.getManager().newSubManager()) {
      NDArray z = scope.create(sample);
      NDArray moved = step(z, gradient(z, scope.create(noise)));
      double distance = distance(moved.sub(z));
      double change = Math.abs(output(moved).sub(output(z)).getDouble());
      return distance == 0 ? 0 : change / Math.pow(distance, settings.alpha());
    }
  }

  private NDArray gradient(NDArray z, NDArray noise) {
    return switch (settings.direction()) {
      case AT_NOISE -> {
        NDArray noisy = z.add(noise);
        noisy.setRequiresGradient(true);
        yield gradient(() -> output(z).sub(output(noisy)).square(), noisy);
      }
      case AT_SAMPLE -> {
        NDArray noisy = z.add(noise);
        NDArray sample = variable(z);
        yield gradient(() -> output(sample).sub(output(noisy)).square(), sample);
      }
      case AS_PRINTED -> {
        NDArray sample = variable(z);
        yield gradient(() -> output(sample).sub(output(sample.add(noise))).square(), sample);
      }
      case BOTH -> throw new IllegalArgumentException("both directions take no gradient");
    };
  }

  private static NDArray variable(NDArray z) {
    NDArray copy = z.duplicate();
    copy.setRequiresGradient(true);
    return copy;
  }

  private static NDArray gradient(Supplier<NDArray> loss, NDArray variable) {
    return Ops.gradients(Torch.recording(loss), List.of(variable)).get(0);
  }

  private NDArray step(NDArray z, NDArray gradient) {
    return z.add(gradient.sign().mul(settings.eps())).clip(0, 1);
  }

  private NDArray output(NDArray z) {
    NDArray a = z.mul(weights).sum().add(bias);
    return settings.output() == Output.RELU ? a.mul(a.gt(0)) : a;
  }

  private double distance(NDArray step) {
    if (settings.norm() == Norm.EPS) {
      return settings.eps();
    }
    NDArray sizes = step.abs();
    return settings.norm() == Norm.L_INF
        ? sizes.max().getDouble()
        : Math.sqrt(sizes.square().sum().getDouble());
  }
}
