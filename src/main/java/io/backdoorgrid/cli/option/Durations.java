package io.backdoorgrid.cli.option;

/** Durations as people write them. */
public final class Durations {

  private static final int MINUTE = 60;
  private static final int HOUR = 60 * MINUTE;

  private Durations() {}

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
