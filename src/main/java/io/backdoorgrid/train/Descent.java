package io.backdoorgrid.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.SafeTensors.Tensor;
import io.backdoorgrid.torch.Sgd;
import io.backdoorgrid.torch.Stateful;
import io.backdoorgrid.torch.Torch;
import java.util.List;
import java.util.Map;

/** Steps down a loss as a {@link Recipe} says. */
public final class Descent implements Trainer.Step, Stateful {

  /** What is minimized. */
  public interface Loss {

    /** One number for a batch; gradients are recorded. */
    NDArray of(Batch batch);
  }

  private final Loss loss;
  private final Sgd sgd;

  /**
   * @param manager owns what is remembered between steps
   * @param weights that are moved
   */
  public Descent(NDManager manager, List<NDArray> weights, Recipe recipe, Loss loss) {
    this.loss = loss;
    this.sgd =
        new Sgd(manager, weights, recipe.momentum(), recipe.weightDecay(), recipe.nesterov());
  }

  /** The cross entropy of a classifier in training mode. */
  public static Loss crossEntropy(Classifier classifier, double smoothing) {
    return batch ->
        Ops.crossEntropy(classifier.logits(batch.input(), true), batch.labels(), smoothing);
  }

  @Override
  public float take(Batch batch) {
    NDArray value = Torch.recording(() -> loss.of(batch));
    sgd.step(value, batch.learningRate());
    return value.getFloat();
  }

  @Override
  public Map<String, Tensor> state() {
    return sgd.state();
  }

  @Override
  public void restore(Map<String, Tensor> state) {
    sgd.restore(state);
  }
}
