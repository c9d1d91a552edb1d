package io.backdoorgrid.grid;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** JSON with sorted keys, no spaces and one spelling of every number. */
final class CanonicalJson {
  private CanonicalJson() {}

  static String of(Object value) {
    StringBuilder json = new StringBuilder();
    write(value, json);
    return json.toString();
  }

  private static void write(Object value, StringBuilder json) {
    if (value instanceof Map<?, ?> map) {
      TreeMap<String, Object> sorted = new TreeMap<>();
      map.forEach((key, member) -> sorted.put(String.valueOf(key), member));
      String separator = "{";
      for (Map.Entry<String, Object> member : sorted.entrySet()) {
        json.append(separator);
        quote(member.getKey(), json);
        write(member.getValue(), json.append(':'));
        separator = ",";
      }
      json.append(sorted.isEmpty() ? "{}" : "}");
    } else if (value instanceof List<?> list) {
      json.append('[');
      for (Iterator<?> items = list.iterator(); items.hasNext(); ) {
        write(items.next(), json);
        json.append(items.hasNext() ? "," : "");
      }
      json.append(']');
    } else if (value instanceof Number || value instanceof Boolean) {
      json.append(Values.text(value));
    } else if (value instanceof String text) {
      quote(text, json);
    } else if (value instanceof NamedFile file) {
      quote("sha256:" + file.sha256(), json);
    } else {
      throw new IllegalArgumentException("no canonical JSON for " + value);
    }
  }

  private static void quote(String text, StringBuilder json) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ') {
        json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        json.append(c == '"' || c == '\\' ? "\\" : "").append(c);
      }
    }
    json.append('"');
  }
}
