package io.backdoorgrid.defense;

import io.backdoorgrid.prune.KernelNorms;

/** What a {@link DataFreeDefense} has beside the victim: no images. */
public interface WeightsOnly extends Workspace {

  /** Norms of the victim's kernels, shared by all defenses of that victim. */
  KernelNorms norms();
}
