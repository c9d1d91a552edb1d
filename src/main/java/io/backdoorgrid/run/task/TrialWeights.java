package io.backdoorgrid.run.task;

import io.backdoorgrid.defense.WeightsOnly;
import io.backdoorgrid.prune.KernelNorms;

/** The norms of a victim's kernels, which its trials share. */
final class TrialWeights extends TrialWorkspace implements WeightsOnly {

  private final KernelNorms norms;
  private final double reusedBefore;

  TrialWeights(Assignment assignment, KernelNorms norms) {
    super(assignment);
    this.norms = norms;
    this.reusedBefore = norms.reusedSeconds();
  }

  @Override
  public KernelNorms norms() {
    return norms;
  }

  @Override
  double secondsToAdd() {
    return super.secondsToAdd() + norms.reusedSeconds() - reusedBefore;
  }
}
