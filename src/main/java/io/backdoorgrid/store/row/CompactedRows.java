package io.backdoorgrid.store.row;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.backdoorgrid.store.DamagedException;
import io.backdoorgrid.store.Digest;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Rows with the same columns in one file: their header once, then the line of each as its own file
 * had it, digest included. The file's name carries a digest of the whole, without which a lost tail
 * would go unnoticed; a damaged line costs no other.
 *
 * @param csv the header
 * @param lines the rest
 * @param sound whether the file is what was once written
 */
public record CompactedRows(DigestedCsv csv, String lines, boolean sound) {

  private static final Pattern NAME = Pattern.compile("compacted-[0-9a-f]{16}\\.csv");

  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** The name of a file with that content. */
  public static String name(byte[] bytes) {
    return "compacted-" + Digest.brief(bytes) + ".csv";
  }

  /** Refuses what is not what was once written under that name. */
  static void requireSound(String name, byte[] bytes) throws DamagedException {
    if (!name(bytes).equals(name)) {
      throw new DamagedException("does not match its digest");
    }
  }

  static byte[] encode(String header, SortedMap<String, String> lines) {
    var text = new StringBuilder(header).append('\n');
    lines.values().forEach(line -> text.append(line).append('\n'));
    return text.toString().getBytes(UTF_8);
  }

  /**
   * Reads a file as far as it can be read.
   *
   * @throws DamagedException if not even the header can
   */
  static CompactedRows decode(String name, byte[] bytes) throws DamagedException {
    String text = new String(bytes, UTF_8);
    int headerEnd = text.indexOf('\n');
    if (headerEnd < 0) {
      throw new DamagedException("truncated");
    }
    return new CompactedRows(
        DigestedCsv.under(text.substring(0, headerEnd)),
        text.substring(headerEnd + 1),
        name(bytes).equals(name));
  }

  /**
   * Passes on every row that matches its digest.
   *
   * @param wanted columns beside the trial's id
   * @param each is given a row and its line
   * @return whether that was all
   */
  boolean forEach(Predicate<String> wanted, BiConsumer<Row, String> each) {
    boolean all = true;
    int start = 0;
    for (int end; (end = lines.indexOf('\n', start)) >= 0; start = end + 1) {
      String line = lines.substring(start, end);
      Row row;
      try {
        row = Row.decode(csv, line, wanted);
      } catch (DamagedException e) {
        all = false;
        continue;
      }
      each.accept(row, line);
    }
    return all && start == lines.length();
  }
}
