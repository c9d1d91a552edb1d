package io.backdoorgrid.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import io.backdoorgrid.torch.SafeTensors.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Stochastic gradient descent with momentum over a fixed list of weights, as PyTorch has it: {@code
 * m = momentum * m + g + decay * w; w -= lr * m}, or {@code w -= lr * (g + decay * w + momentum *
 * m)} with Nesterov.
 */
public final class Sgd implements Stateful {

  private final List<NDArray> weights;
  private final List<NDArray> buffers;
  private final double momentum;
  private final double weightDecay;
  private final boolean nesterov;
  private boolean firstStep = true;

  /**
   * @param manager owns the momentum buffers
   * @param weights updated in place; they must require gradients
   */
  public Sgd(
      NDManager manager,
      List<NDArray> weights,
      double momentum,
      double weightDecay,
      boolean nesterov) {
    this.weights = weights;
    this.buffers =
        momentum == 0 ? List.of() : weights.stream().map(w -> manager.zeros(w.getShape())).toList();
    this.momentum = momentum;
    this.weightDecay = weightDecay;
    this.nesterov = nesterov;
  }

  @Override
  public Map<String, Tensor> state() {
    return momenta().state();
  }

  @Override
  public void restore(Map<String, Tensor> state) {
    momenta().restore(state);
    firstStep = false;
  }

  private Stateful momenta() {
    return Stateful.of(Stateful.numbered("", buffers));
  }

  /** Steps down the gradient of {@code loss}. */
  public void step(NDArray loss, double learningRate) {
    step(Ops.gradients(loss, weights), learningRate);
  }

  /** Steps down {@code gradients}, one per weight, as {@link Ops#gradients} returns them. */
  public void step(List<NDArray> gradients, double learningRate) {
    try (IValue ws = Ops.listOf(weights);
        IValue gs = Ops.listOf(gradients);
        IValue ms = Ops.listOf(buffers);
        IValue lr = IValue.from(learningRate);
        IValue m = IValue.from(momentum);
        IValue decay = IValue.from(weightDecay);
        IValue ahead = IValue.from(nesterov);
        IValue first = IValue.from(firstStep)) {
      Ops.run("sgd", ws, gs, ms, lr, m, decay, ahead, first).close();
    }
    firstStep = false;
  }
}
