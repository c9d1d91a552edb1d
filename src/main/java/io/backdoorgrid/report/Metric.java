package io.backdoorgrid.report;

import java.util.Locale;

/** A measured quantity by the name of its column in a row: how it is headed, printed and judged. */
record Metric(String name) {
  /** Which of two values is the better one. */
  enum Better {
    HIGHER,
    LOWER,
    NEITHER
  }

  String header() {
    return isPercentage() ? name.toUpperCase(Locale.ROOT) : name;
  }

  Better better() {
    if (name.endsWith("acc")
        || name.endsWith("cross")
        || name.equals("ra")
        || name.endsWith("-ra")) {
      return Better.HIGHER;
    }
    return name.endsWith("asr") || isDuration() ? Better.LOWER : Better.NEITHER;
  }

  /**
   * The places behind the point for values around {@code value}: fixed for percentages, three
   * significant digits for everything else.
   */
  int decimals(double value, int forPercentages) {
    if (isPercentage()) {
      return forPercentages;
    }
    int magnitude = value == 0 ? 0 : (int) Math.floor(Math.log10(Math.abs(value)));
    return Math.max(0, Math.min(6, 2 - magnitude));
  }

  static String format(double value, int decimals) {
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    // A loss of nothing is no loss.
    return text.matches("-0(\\.0*)?") ? text.substring(1) : text;
  }

  static String formatSigned(double value, int decimals) {
    String text = format(value, decimals);
    return text.startsWith("-") ? text : "+" + text;
  }

  private boolean isPercentage() {
    return better() != Better.NEITHER && !isDuration();
  }

  private boolean isDuration() {
    return name.endsWith("seconds");
  }
}
