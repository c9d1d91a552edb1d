package io.backdoorgrid.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Maps, lists, texts and numbers as JSON. */
public final class Json {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** On one line. */
  public static String line(Object value) {
    return text(value, false);
  }

  /** Indented, for people who look at it, too. */
  public static String pretty(Object value) {
    return text(value, true);
  }

  private static String text(Object value, boolean indented) {
    try {
      return (indented ? MAPPER.writerWithDefaultPrettyPrinter() : MAPPER.writer())
          .writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON can be made of this", e);
    }
  }
}
