package io.backdoorgrid.cli.screen;

import java.util.List;
import java.util.Locale;

/** Numbers of bytes as people write them: {@code 3.4 MB}. */
public final class Sizes {

  private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB");
  private static final double STEP = 1000;

  private Sizes() {}

  public static String text(double bytes) {
    int unit = 0;
    double value = bytes;
    while (value >= STEP && unit < UNITS.size() - 1) {
      value /= STEP;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS.get(unit));
  }
}
