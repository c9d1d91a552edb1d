package io.backdoorgrid.cli.option;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Durations as people write them. */
public final class Durations {

  private static final int MINUTE = 60;
  private static final int HOUR = 60 * MINUTE;
  private static final int DAY_HOURS = 24;
  private static final MathContext TWO_DIGITS = new MathContext(2);

  private Durations() {}

  /** A duration that nobody knows exactly, with about two digits: {@code 80 s}, {@code 3.5 h}. */
  public static String about(double seconds) {
    if (seconds < 2 * MINUTE) {
      return 10 * Math.max(1, Math.round(seconds / 10)) + " s";
    }
    if (seconds < 2 * HOUR) {
      return Math.round(seconds / MINUTE) + " min";
    }
    double hours = seconds / HOUR;
    return hours < 2 * DAY_HOURS
        ? String.format(Locale.ROOT, hours < 10 ? "%.1f h" : "%.0f h", hours)
        : new BigDecimal(hours / DAY_HOURS).round(TWO_DIGITS).toBigInteger() + " days";
  }

  public static String text(double seconds) {
    long whole = Math.round(seconds);
    if (whole < MINUTE) {
      return whole + " s";
    }
    return whole < HOUR
        ? "%d min %02d s".formatted(whole / MINUTE, whole % MINUTE)
        : "%d h %02d min".formatted(whole / HOUR, whole % HOUR / MINUTE);
  }
}
