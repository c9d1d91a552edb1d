package io.backdoorgrid.analysis;

import static io.backdoorgrid.algorithm.Checks.require;

import java.util.OptionalInt;

/**
 * How victims are analyzed.
 *
 * @param images how many each analysis looks at, from 10 to 5,000; empty for its own default
 * @param tap where triggers' changes are measured
 * @param norm of these changes
 * @param labels of triggered images, where an analysis needs a loss
 */
public record AnalysisSettings(OptionalInt images, Tap tap, MapNorm norm, TriggeredLabels labels) {

  /** The papers' choices. */
  public static final AnalysisSettings DEFAULT =
      new AnalysisSettings(
          OptionalInt.empty(), Tap.POST_BN_PRE_RELU, MapNorm.L2, TriggeredLabels.WANTED);

  private static final int FEWEST_IMAGES = 10;
  private static final int MOST_IMAGES = 5_000; // t-SNE's time and memory grow with their square

  /** The label of a triggered image. */
  public enum TriggeredLabels {
    /** The attacker's class. */
    WANTED,
    /** The class that it shows. */
    TRUE
  }

  public AnalysisSettings {
    images.ifPresent(
        n ->
            require(
                n >= FEWEST_IMAGES && n <= MOST_IMAGES,
                "images must be from %d to %d, got %d",
                FEWEST_IMAGES,
                MOST_IMAGES,
                n));
  }
}
