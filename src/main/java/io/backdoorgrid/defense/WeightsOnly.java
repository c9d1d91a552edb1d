package io.backdoorgrid.defense;

import io.backdoorgrid.prune.KernelNorms;

/** Everything that a {@link DataFreeDefense} receives besides the victim: no images. */
public interface WeightsOnly extends Workspace {

  /** Norms of the victim's kernels, shared by all defenses of that victim. */
  KernelNorms norms();
}
