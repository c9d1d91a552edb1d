package io.backdoorgrid.prune;

/** Which standard deviation a rule means. */
public enum Deviation {
  /** Divides by n: the papers' formula. */
  POPULATION,
  /** Divides by n - 1: what the CLP authors' code computes. */
  SAMPLE
}
