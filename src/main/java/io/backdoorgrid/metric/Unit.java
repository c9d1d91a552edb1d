package io.backdoorgrid.metric;

import java.util.Locale;

/** The unit of a number: which values are possible, and with how many digits it is printed. */
public enum Unit {
  /** A share, times 100. */
  PERCENT("a percentage from 0 to 100", 0, 100),
  /** A difference of two percentages. */
  POINTS("percentage points from -100 to 100", -100, 100),
  SECONDS("seconds from 0 up", 0, Double.MAX_VALUE),
  COUNT("a number from 0 up", 0, Integer.MAX_VALUE);

  private static final int SIGNIFICANT_DIGITS = 3;
  private static final int MOST_DECIMALS = 6;

  private final String range;
  private final double least;
  private final double most;

  Unit(String range, double least, double most) {
    this.range = range;
    this.least = least;
    this.most = most;
  }

  /** The possible values in words, such as {@code a percentage from 0 to 100}. */
  public String range() {
    return range;
  }

  public boolean isPossible(double value) {
    return value >= least && value <= most;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The places behind the point for values around {@code value}: fixed for percentages and points,
   * as many as make three significant digits for everything else.
   */
  public int decimals(double value, int forPercentages) {
    if (this == PERCENT || this == POINTS) {
      return forPercentages;
    }
    int magnitude = value == 0 ? 0 : (int) Math.floor(Math.log10(Math.abs(value)));
    return Math.max(0, Math.min(MOST_DECIMALS, SIGNIFICANT_DIGITS - 1 - magnitude));
  }
}
