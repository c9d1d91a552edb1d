package io.backdoorgrid.run.task;

import io.backdoorgrid.defense.WeightsOnly;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.prune.KernelNorms;
import io.backdoorgrid.run.victim.TrainedVictim;
import io.backdoorgrid.store.Store;

/** The norms of a victim's kernels, which its trials share. */
final class TrialWeights extends TrialWorkspace implements WeightsOnly {

  private final KernelNorms norms;
  private final double reusedBefore;

  TrialWeights(
      Trial trial, TrainedVictim victim, KernelNorms norms, Store store, RunningNote note) {
    super(trial, victim, store, note, false);
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
