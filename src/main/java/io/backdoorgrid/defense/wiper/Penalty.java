package io.backdoorgrid.defense.wiper;

import static io.backdoorgrid.algorithm.Checks.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.algorithm.Formerly;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Torch;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Alpha times the regularizer of the marked neurons' weights: the second term of equation 7.
 *
 * @param regularizer what grows with the marked weights
 * @param alpha weight of the regularizer, not negative; the paper sweeps 0.001 to 0.1; 0 is plain
 *     fine-tuning
 */
public record Penalty(@Formerly("regulariser") Regularizer regularizer, double alpha) {

  public Penalty {
    require(alpha >= 0 && Double.isFinite(alpha), "alpha must not be negative, got %s", alpha);
  }

  /**
   * Its gradients by the weights of all layers; none where it is constantly 0.
   *
   * <p>Computed separately from those of the cross entropy, since benign salience uses the latter
   * alone.
   *
   * @param factor by which they are multiplied
   */
  Map<NDArray, NDArray> gradients(NDManager scope, List<Suspects> suspects, double factor) {
    if (alpha == 0 || suspects.stream().noneMatch(Suspects::any)) {
      return Map.of();
    }
    var weights = new ArrayList<NDArray>();
    NDArray loss =
        Torch.recording(
            () -> {
              NDArray sum = scope.create(0f);
              for (Suspects layer : suspects) {
                for (NDArray weight : layer.layer().weights()) {
                  weights.add(weight);
                  NDArray marked = layer.mask(scope, weight).mul(weight);
                  sum = sum.add(regularizer.of(marked, layer.layer().axis()));
                }
              }
              return Ops.scaled(sum, alpha * factor);
            });
    List<NDArray> gradients = Ops.gradients(loss, weights);
    var byWeight = new IdentityHashMap<NDArray, NDArray>();
    for (int i = 0; i < weights.size(); i++) {
      byWeight.put(weights.get(i), gradients.get(i));
    }
    return byWeight;
  }
}
