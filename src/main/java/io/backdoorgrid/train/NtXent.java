package io.backdoorgrid.train;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requirePositive;

import ai.djl.ndarray.NDArray;
import io.backdoorgrid.torch.Ops;

/**
 * NT-Xent, the normalized temperature-scaled cross entropy of SimCLR (Chen et al., "A Simple
 * Framework for Contrastive Learning of Visual Representations", ICML 2020): among all other views
 * in a batch, each view has to find the other view of its own image.
 *
 * <p>With the cosine similarity {@code s_ik = <z_i, z_k> / (|z_i| |z_k| tau)} the loss of view i,
 * whose partner is j, is
 *
 * <pre>-log(exp(s_ij) / sum_{k != i} exp(s_ik))</pre>
 *
 * <p>and that of a batch the mean over all its views. (In the paper on Hölder Pruning the
 * denominator repeats {@code s_ij}, a misprint.)
 *
 * @param temperature tau, positive; 0.5 is usual, 1 and 0.07 occur
 */
public record NtXent(double temperature) {

  public NtXent {
    requirePositive("temperature", temperature);
  }

  /** The usual temperature of 0.5. */
  public NtXent() {
    this(0.5);
  }

  /**
   * The loss, differentiable where gradients are recorded.
   *
   * @param views (2n, d) projections: one of each of n images, then a second one of each in the
   *     same order, as {@link io.backdoorgrid.data.batch.ContrastiveViews} makes them
   */
  public NDArray loss(NDArray views) {
    long count = views.getShape().get(0);
    require(count >= 2 && count % 2 == 0, "views must come in pairs, got %d", count);
    return Ops.ntXent(views, temperature);
  }
}
