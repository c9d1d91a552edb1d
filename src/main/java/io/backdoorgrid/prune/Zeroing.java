package io.backdoorgrid.prune;

import io.backdoorgrid.model.net.ConvUnit;

/** What CLP sets to 0 in a pruned channel. */
public enum Zeroing {
  /** Gamma and beta of the batch-norm, or the kernel where there is none: the output is 0. */
  OUTPUT,
  /** The kernel alone: behind a batch-norm, the output is a constant. */
  KERNEL;

  public void apply(ChannelEdits channels, ConvUnit unit, boolean[] pruned) {
    if (this == OUTPUT) {
      channels.zero(unit, pruned);
    } else {
      channels.zeroKernels(unit, pruned);
    }
  }
}
