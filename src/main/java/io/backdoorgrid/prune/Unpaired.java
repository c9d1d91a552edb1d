package io.backdoorgrid.prune;

import io.backdoorgrid.model.net.ConvUnit;

/** What data-free pruning does with a convolution that no batch-norm follows directly. */
public enum Unpaired {
  /** Scores it by its kernels alone and prunes by zeroing them. */
  CONV_ONLY,
  /** Leaves it as it is. */
  SKIP;

  /** Whether {@code unit} is scored and pruned at all. */
  public boolean covers(ConvUnit unit) {
    return this == CONV_ONLY || unit.norm().isPresent();
  }
}
