package io.backdoorgrid.defense;

/** What weight-only pruning does with a convolution that no batch-norm follows directly. */
public enum Unpaired {
  /** Scores it by its kernels alone and prunes by zeroing them. */
  CONV_ONLY,
  /** Leaves it as it is. */
  SKIP
}
