package io.backdoorgrid.algorithm;

/** Range checks of hyperparameters, with messages for the person who wrote the grid file. */
public final class Checks {

  private Checks() {}

  /**
   * @throws IllegalArgumentException with the formatted message, if {@code condition} is false
   */
  public static void require(boolean condition, String message, Object... values) {
    if (!condition) {
      throw new IllegalArgumentException(message.formatted(values));
    }
  }

  /**
   * @throws IllegalArgumentException naming the hyperparameter, if it is not above 0 and finite
   */
  public static void requirePositive(String name, double value) {
    require(value > 0 && Double.isFinite(value), "%s must be positive, got %s", name, value);
  }

  /**
   * @throws IllegalArgumentException naming the hyperparameter, if it is not from 0 to 1
   */
  public static void requireShare(String name, double value) {
    require(value >= 0 && value <= 1, "%s must be from 0 to 1, got %s", name, value);
  }

  /** Requires a share that leaves something on both sides: above 0 and below 1. */
  public static void requireProperShare(String name, double value) {
    require(value > 0 && value < 1, "%s must be above 0 and below 1, got %s", name, value);
  }
}
