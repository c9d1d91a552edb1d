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
}
