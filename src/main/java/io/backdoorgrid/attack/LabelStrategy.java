package io.backdoorgrid.attack;

/** The class that an attacker wants a triggered image to be classified as. */
public enum LabelStrategy {
  /** One target class for all. */
  ALL_TO_ONE,
  /** The class after the true one, the last becoming the first. */
  ALL_TO_ALL,
  /**
   * One target class for all, but only training images of that class are poisoned, so that no label
   * is false.
   */
  CLEAN_LABEL;

  /** The attacker's label for an image of class {@code label}. */
  int of(int label, int target, int classes) {
    return switch (this) {
      case ALL_TO_ONE, CLEAN_LABEL -> target;
      case ALL_TO_ALL -> (label + 1) % classes;
    };
  }
}
