package io.backdoorgrid.report.table;

import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A cell as text, in the parts that formats treat differently.
 *
 * @param value the number with its deviation, or what stands for it
 * @param rest how many seeds are in, and what was published
 * @param notes superscript digits
 */
record CellText(String value, String rest, String notes) {
  static final String MISSING = "·";
  static final String UNDEFINED = "–";

  private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  static CellText of(Cell cell, int decimals) {
    return new CellText(value(cell, decimals), rest(cell, decimals), notes(cell));
  }

  String plain() {
    return value + notes + rest;
  }

  static String number(double value, int decimals) {
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    // A loss that rounds to 0 is printed as 0.
    return text.matches("-0(\\.0*)?") ? text.substring(1) : text;
  }

  static String superscript(int number) {
    return Integer.toString(number)
        .chars()
        .mapToObj(digit -> String.valueOf(SUPERSCRIPTS.charAt(digit - '0')))
        .collect(Collectors.joining());
  }

  private static String value(Cell cell, int decimals) {
    return switch (cell.status()) {
      case ABSENT -> "";
      case MISSING -> MISSING;
      case UNDEFINED -> UNDEFINED;
      case DAMAGED -> "damaged";
      case FAILED -> "failed";
      case SKIPPED -> "skipped";
      case MEASURED -> {
        double mean = cell.mean().getAsDouble();
        int places = cell.metric().unit().decimals(mean, decimals);
        String text = number(mean, places);
        yield cell.deviation().isPresent()
            ? text + " ±" + number(cell.deviation().getAsDouble(), places)
            : text;
      }
    };
  }

  private static String rest(Cell cell, int decimals) {
    String seeds =
        cell.measured() > 0 && cell.measured() < cell.planned()
            ? " [" + cell.measured() + " of " + cell.planned() + "]"
            : "";
    if (cell.published().isEmpty()) {
      return seeds;
    }
    String published = cell.published().get();
    if (cell.difference().isEmpty()) {
      return seeds + " (" + published + ")";
    }
    double difference = cell.difference().getAsDouble();
    int places = cell.metric().unit().decimals(difference, decimals);
    return seeds + " (" + published + ", " + signed(difference, places) + ")";
  }

  private static String signed(double value, int decimals) {
    String text = number(value, decimals);
    return text.startsWith("-") ? text : "+" + text;
  }

  private static String notes(Cell cell) {
    return cell.notes().stream().map(CellText::superscript).collect(Collectors.joining(","));
  }
}
