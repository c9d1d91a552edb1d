package io.backdoorgrid.grid;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Names in messages: the known name that a mistyped one probably means, and quoting. */
public final class Names {
  private static final int MAX_LISTED = 40;
  private static final int MAX_QUOTED = 60;

  private Names() {}

  /**
   * The known name that {@code given} most likely stands for: the closest by insertions, deletions,
   * replacements and swaps of neighbors, if at most a third of its letters differ.
   */
  public static Optional<String> nearest(String given, Collection<String> known) {
    String wanted = given.toLowerCase(Locale.ROOT);
    String best = null;
    int least = Integer.MAX_VALUE;
    for (String name : known) {
      int limit = Math.max(1, Math.max(wanted.length(), name.length()) / 3);
      // The length difference bounds the distance from below: a huge name costs nothing.
      if (Math.abs(wanted.length() - name.length()) > limit) {
        continue;
      }
      int distance = distance(wanted, name.toLowerCase(Locale.ROOT));
      boolean alike = distance < Math.max(wanted.length(), name.length());
      if (alike && distance <= limit && distance < least) {
        best = name;
        least = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Such as {@code unknown attack 'badnet'; did you mean 'badnets'? (known: none, badnets)}. */
  public static String unknown(String what, String given, Collection<String> known) {
    return "unknown " + what + " " + quote(given) + hint(given, known, "known");
  }

  /** The nearest name and all of them, as the end of a sentence. */
  public static String hint(String given, Collection<String> known, String word) {
    return nearest(given, known).map(name -> "; did you mean '" + name + "'?").orElse("")
        + (known.isEmpty() ? "" : " (" + word + ": " + list(known) + ")");
  }

  public static String list(Collection<String> names) {
    String listed = names.stream().limit(MAX_LISTED).collect(Collectors.joining(", "));
    return names.size() > MAX_LISTED
        ? listed + ", and " + (names.size() - MAX_LISTED) + " more"
        : listed;
  }

  public static String quote(String text) {
    return "'" + printable(text) + "'";
  }

  /** Text from a file as part of one line. */
  public static String printable(String text) {
    return harmless(text.length() > MAX_QUOTED ? text.substring(0, MAX_QUOTED) + "..." : text);
  }

  /** {@code text} on one line, without characters that steer a terminal. */
  public static String harmless(String text) {
    return text.codePoints()
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** Damerau-Levenshtein distance in which no part is edited twice. */
  private static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return last[b.length()];
  }
}
