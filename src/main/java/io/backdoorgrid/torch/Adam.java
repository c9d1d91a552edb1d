package io.backdoorgrid.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import io.backdoorgrid.torch.SafeTensors.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adam (Kingma and Ba, ICLR 2015) over a fixed list of weights, with an eps of 1e-8 and without
 * weight decay, as PyTorch has it.
 */
public final class Adam implements Stateful {

  private static final double EPS = 1e-8;

  private final List<NDArray> weights;
  private final List<NDArray> means;
  private final List<NDArray> variances;
  private final NDArray steps;
  private final double beta1;
  private final double beta2;

  /** With PyTorch's betas of 0.9 and 0.999. */
  public Adam(NDManager manager, List<NDArray> weights) {
    this(manager, weights, 0.9, 0.999);
  }

  /**
   * @param manager owns the running means
   * @param weights updated in place; they must require gradients
   * @param beta1 weight of the old mean of gradients, 0 to below 1
   * @param beta2 weight of the old mean of their squares, 0 to below 1
   */
  public Adam(NDManager manager, List<NDArray> weights, double beta1, double beta2) {
    this.weights = weights;
    this.means = zeros(manager, weights);
    this.variances = zeros(manager, weights);
    this.steps = manager.create(0f);
    this.beta1 = beta1;
    this.beta2 = beta2;
  }

  private static List<NDArray> zeros(NDManager manager, List<NDArray> like) {
    return like.stream().map(w -> manager.zeros(w.getShape())).toList();
  }

  @Override
  public Map<String, Tensor> state() {
    return moments().state();
  }

  @Override
  public void restore(Map<String, Tensor> state) {
    moments().restore(state);
  }

  private Stateful moments() {
    var arrays = new LinkedHashMap<String, NDArray>();
    arrays.putAll(Stateful.numbered("mean.", means));
    arrays.putAll(Stateful.numbered("variance.", variances));
    arrays.put("steps", steps);
    return Stateful.of(arrays);
  }

  /** Steps down the gradient of {@code loss}. */
  public void step(NDArray loss, double learningRate) {
    step(Ops.gradients(loss, weights), learningRate);
  }

  /** Steps down {@code gradients}, one per weight, as {@link Ops#gradients} returns them. */
  public void step(List<NDArray> gradients, double learningRate) {
    steps.addi(1);
    try (IValue ws = Ops.listOf(weights);
        IValue gs = Ops.listOf(gradients);
        IValue ms = Ops.listOf(means);
        IValue vs = Ops.listOf(variances);
        IValue step = IValue.from((PtNDArray) steps);
        IValue lr = IValue.from(learningRate);
        IValue b1 = IValue.from(beta1);
        IValue b2 = IValue.from(beta2);
        IValue eps = IValue.from(EPS)) {
      Ops.run("adam", ws, gs, ms, vs, step, lr, b1, b2, eps).close();
    }
  }
}
