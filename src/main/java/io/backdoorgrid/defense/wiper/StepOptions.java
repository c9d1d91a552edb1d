package io.backdoorgrid.defense.wiper;

/**
 * What the paper leaves open about WIPER's steps.
 *
 * @param reduction how the cross entropies of a batch are combined
 * @param closingEpoch whether one more epoch follows, in which beta is 0
 * @param zeroClamp whether marked weights stop at 0 where a step would change their sign
 * @param statistics the statistics by which batch-norms normalize while fine-tuning
 */
public record StepOptions(
    Reduction reduction, boolean closingEpoch, boolean zeroClamp, Statistics statistics) {

  /** How the cross entropies of a batch become its loss. */
  public enum Reduction {
    MEAN,
    SUM
  }

  /** The statistics that batch-norms use while fine-tuning. */
  public enum Statistics {
    /** The batch's, which also move the running ones. */
    BATCH,
    /** The victim's running ones, left as they are. */
    FROZEN
  }

  /** Our reading. */
  StepOptions() {
    this(Reduction.MEAN, false, false, Statistics.BATCH);
  }
}
