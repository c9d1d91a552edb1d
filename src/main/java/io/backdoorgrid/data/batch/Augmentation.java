package io.backdoorgrid.data.batch;

/**
 * How training images are varied.
 *
 * @param pad black border that is added before a random crop to the old size, in pixels
 * @param flip mirrored left to right
 */
public record Augmentation(int pad, Flip flip) {

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
}
