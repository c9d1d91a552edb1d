package io.backdoorgrid.attack;

/** Which class an attacker wants a triggered image to be taken for. */
public enum Labels {
  /** One target class for all. */
  ALL_TO_ONE,
  /** The class after the true one, the last becoming the first. */
  ALL_TO_ALL;

  /** The attacker's label for an image of class {@code label}. */
  int of(int label, int target, int classes) {
    return switch (this) {
      case ALL_TO_ONE -> target;
      case ALL_TO_ALL -> (label + 1) % classes;
    };
  }
}
