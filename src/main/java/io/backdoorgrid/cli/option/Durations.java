package io.backdoorgrid.cli.option;

import java.util.Locale;

/** Durations as people write them. */
public final class Durations {

  private static final int MINUTE = 60;
  private static final int HOUR = 60 * MINUTE;

  private Durations() {}

  /**
   * A duration that nobody knows exactly: in tens of seconds, whole minutes, or tenths of hours.
   */
  public static String about(double seconds) {
    if (seconds < 2 * MINUTE) {
      return 10 * Math.max(1, Math.round(seconds / 10)) + " s";
    }
    return seconds < 2 * HOUR
        ? Math.round(seconds / MINUTE) + " min"
        : String.format(Locale.ROOT, "%.1f h", seconds / HOUR);
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
