package io.backdoorgrid.data.batch;

import static io.backdoorgrid.algorithm.Checks.require;

/**
 * How training images are varied.
 *
 * @param crop pixels of black border added before a random crop to the old size, 0 for none
 * @param flip which images are mirrored left to right
 */
public record Augmentation(int crop, Flip flip) {

  /** No change. */
  public static final Augmentation NONE = new Augmentation(0, Flip.NONE);

  /** Which images are mirrored. */
  public enum Flip {
    NONE,
    /** Each with probability one half in each epoch. */
    RANDOM,
    /** One half, drawn once, in even epochs; the other half in odd ones. */
    ALTERNATING
  }

  public Augmentation {
    require(crop >= 0, "crop must not be negative, got %d", crop);
  }
}
