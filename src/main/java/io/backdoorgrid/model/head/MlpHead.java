package io.backdoorgrid.model.head;

import static io.backdoorgrid.algorithm.Checks.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.model.InitialWeights;
import io.backdoorgrid.torch.Layer;
import io.backdoorgrid.torch.Linear;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.StoredWeights;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A fully connected classifier of features with one hidden layer: {@code second(relu(first(z)))}.
 *
 * <p>Pruned neurons stay pruned in later training: a neuron without incoming weights is inactive,
 * and where the ReLU is flat no gradient passes.
 */
public final class MlpHead extends Layer {

  private static final String FIRST = "first";
  private static final String SECOND = "second";

  private final Linear first;
  private final Linear second;

  private MlpHead(int features, int hidden, int classes) {
    this.first = add(FIRST, new Linear(features, hidden));
    this.second = add(SECOND, new Linear(hidden, classes));
  }

  /** A head with fresh weights, all drawn from {@code random}. */
  public static MlpHead create(
      NDManager manager, int features, int hidden, int classes, RandomGenerator random) {
    var head = new MlpHead(features, hidden, classes);
    head.initialize(manager, new InitialWeights(random)::of);
    return head;
  }

  /**
   * A head with stored weights, as {@link #weights} gives them.
   *
   * @throws IllegalArgumentException if names or shapes are not those of a head
   */
  public static MlpHead load(NDManager manager, SafeTensors weights) {
    Map<String, SafeTensors.Tensor> tensors = weights.tensors();
    var head =
        new MlpHead(edge(tensors, FIRST, 1), edge(tensors, FIRST, 0), edge(tensors, SECOND, 0));
    StoredWeights.load(manager, head, weights);
    return head;
  }

  private static int edge(Map<String, SafeTensors.Tensor> tensors, String layer, int axis) {
    SafeTensors.Tensor weight = tensors.get(layer + ".weight");
    require(weight != null && weight.shape().length == 2, "these are not the weights of a head");
    return (int) weight.shape()[axis];
  }

  /** Logits (n, classes) of features (n, d). */
  public NDArray logits(NDArray features) {
    return second.apply(activations(features));
  }

  /** The outputs of the hidden neurons: (n, hidden). */
  public NDArray activations(NDArray features) {
    return Ops.relu(first.apply(features));
  }

  /** The hidden neurons: a row of weights each. */
  public Linear hidden() {
    return first;
  }

  /** Prunes hidden neurons: their weights and biases become 0. */
  public void prune(boolean[] pruned) {
    float[] kept = new float[pruned.length];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = pruned[i] ? 0 : 1;
    }
    try (NDArray mask = first.bias().getManager().create(kept);
        NDArray column = mask.reshape(-1, 1)) {
      first.bias().muli(mask);
      first.weight().muli(column);
    }
  }
}
