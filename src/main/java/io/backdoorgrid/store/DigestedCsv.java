package io.backdoorgrid.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * A header, one record, and in the last column a digest over everything before it: enough to tell a
 * finished file from half of one, and from one with a flipped bit.
 */
final class DigestedCsv {
  static final String DIGEST = "digest";

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setRecordSeparator("\n").get();
  private static final String HEADER_END = "," + DIGEST;

  private DigestedCsv() {}

  static byte[] encode(Map<String, String> columns) {
    String header = FORMAT.format(columns.keySet().toArray());
    String line = FORMAT.format(columns.values().toArray());
    return (header + HEADER_END + "\n" + line + "," + digest(header, line) + "\n").getBytes(UTF_8);
  }

  static Map<String, String> decode(byte[] bytes) throws DamagedException {
    String text = new String(bytes, UTF_8);
    int headerEnd = text.indexOf('\n');
    int lineEnd = text.lastIndexOf(',');
    if (!Arrays.equals(bytes, text.getBytes(UTF_8))) {
      throw new DamagedException("is not UTF-8");
    }
    if (headerEnd < 0 || lineEnd < headerEnd || !text.endsWith("\n")) {
      throw new DamagedException("truncated");
    }
    String header = text.substring(0, headerEnd);
    if (!header.endsWith(HEADER_END)) {
      throw new DamagedException("has no digest");
    }
    header = header.substring(0, header.length() - HEADER_END.length());
    String line = text.substring(headerEnd + 1, lineEnd);
    String digest = text.substring(lineEnd + 1, text.length() - 1);
    if (!digest.equals(digest(header, line))) {
      throw new DamagedException("does not match its digest");
    }
    return parse(header + "\n" + line + "\n");
  }

  private static String digest(String header, String line) {
    return Digest.brief((header + "\n" + line + "\n").getBytes(UTF_8));
  }

  private static Map<String, String> parse(String text) throws DamagedException {
    List<CSVRecord> records = new ArrayList<>();
    try (var parser = org.apache.commons.csv.CSVParser.parse(text, FORMAT)) {
      parser.forEach(records::add);
    } catch (IOException | RuntimeException e) {
      throw new DamagedException("is not CSV: " + e.getMessage());
    }
    if (records.size() != 2 || records.get(0).size() != records.get(1).size()) {
      throw new DamagedException("is not a header and one record of the same width");
    }
    Map<String, String> columns = new LinkedHashMap<>();
    for (int i = 0; i < records.get(0).size(); i++) {
      columns.put(records.get(0).get(i), records.get(1).get(i));
    }
    return columns;
  }
}
