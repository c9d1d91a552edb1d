package io.backdoorgrid.store.row;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.backdoorgrid.store.DamagedException;
import io.backdoorgrid.store.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;

/**
 * A header, and records that end in a digest over the header and everything before it: enough to
 * tell a finished record from half of one, and from one with a flipped bit.
 *
 * @param header the first line, without its end
 * @param names of all columns but the digest
 */
public record DigestedCsv(String header, List<String> names) {
  public static final String DIGEST = "digest";

  /** A million files of one row each share a few headers, one for each kind of trial. */
  private static final Map<String, DigestedCsv> KNOWN = new ConcurrentHashMap<>();

  private static final int MOST_KNOWN = 1_000;

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setRecordSeparator("\n").get();
  private static final String HEADER_END = "," + DIGEST;

  /** A file of one record. */
  public static byte[] encode(Map<String, String> columns) {
    String names = FORMAT.format(columns.keySet().toArray());
    String values = FORMAT.format(columns.values().toArray());
    return (names + HEADER_END + "\n" + values + "," + digest(names, values) + "\n")
        .getBytes(UTF_8);
  }

  /** The columns of the one record of a file. */
  public static Map<String, String> decode(byte[] bytes) throws DamagedException {
    return decode(bytes, column -> true);
  }

  /** Those columns that are wanted. */
  public static Map<String, String> decode(byte[] bytes, Predicate<String> wanted)
      throws DamagedException {
    String text = text(bytes);
    int headerEnd = text.indexOf('\n');
    if (headerEnd < 0 || !text.endsWith("\n") || headerEnd == text.length() - 1) {
      throw new DamagedException("truncated");
    }
    return under(text.substring(0, headerEnd))
        .decode(text.substring(headerEnd + 1, text.length() - 1), wanted);
  }

  private static String text(byte[] bytes) throws DamagedException {
    String text = new String(bytes, UTF_8);
    if (!Arrays.equals(bytes, text.getBytes(UTF_8))) {
      throw new DamagedException("is not UTF-8");
    }
    return text;
  }

  static DigestedCsv under(String header) throws DamagedException {
    DigestedCsv known = KNOWN.get(header);
    if (known != null) {
      return known;
    }
    if (!header.endsWith(HEADER_END)) {
      throw new DamagedException("has no digest");
    }
    var csv =
        new DigestedCsv(header, parse(header.substring(0, header.length() - HEADER_END.length())));
    if (KNOWN.size() < MOST_KNOWN) {
      KNOWN.put(header, csv);
    }
    return csv;
  }

  /**
   * The columns of a record that are wanted.
   *
   * @param line without its end
   */
  public Map<String, String> decode(String line, Predicate<String> wanted) throws DamagedException {
    int end = line.lastIndexOf(',');
    if (end < 0) {
      throw new DamagedException("truncated");
    }
    String values = line.substring(0, end);
    String described = header.substring(0, header.length() - HEADER_END.length());
    if (!line.substring(end + 1).equals(digest(described, values))) {
      throw new DamagedException("does not match its digest");
    }
    List<String> fields = parse(values);
    if (fields.size() != names.size()) {
      throw new DamagedException("is not a header and one record of the same width");
    }
    Map<String, String> columns = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      if (wanted.test(names.get(i))) {
        columns.put(names.get(i), fields.get(i));
      }
    }
    return columns;
  }

  private static String digest(String names, String values) {
    return Digest.brief((names + "\n" + values + "\n").getBytes(UTF_8));
  }

  private static List<String> parse(String line) throws DamagedException {
    List<List<String>> records = new ArrayList<>();
    try (var parser = CSVParser.parse(line + "\n", FORMAT)) {
      parser.forEach(record -> records.add(record.toList()));
    } catch (IOException | RuntimeException e) {
      throw new DamagedException("is not CSV: " + e.getMessage());
    }
    if (records.size() != 1) {
      throw new DamagedException("is not a header and one record of the same width");
    }
    return records.get(0);
  }
}
