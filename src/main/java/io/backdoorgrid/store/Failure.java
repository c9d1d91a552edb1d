package io.backdoorgrid.store;

import io.backdoorgrid.store.row.DigestedCsv;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Why an attempt at a trial gave no row.
 *
 * @param message for a person; may have several lines
 * @param attempt counts from 0 over all runs, so that a later attempt does not hide an earlier one
 * @param started when, in ISO 8601
 */
public record Failure(
    String trial,
    String victim,
    Kind kind,
    String message,
    String host,
    int attempt,
    String started)
    implements Serializable {

  /** What went wrong. */
  public enum Kind {
    /** The loss or the weights became NaN or infinite. */
    DIVERGED,
    OUT_OF_MEMORY,
    /** The data set is not what it should be. */
    BAD_DATA,
    /** The settings cannot work together. */
    INVALID,
    /** The machine failed: its disk, its network, its GPU. */
    ENVIRONMENT,
    OTHER;

    /** Whether the cause may be gone by the next run, which then tries again by itself. */
    public boolean mayBeGone() {
      return this == BAD_DATA || this == ENVIRONMENT;
    }

    /** As printed: {@code out-of-memory}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Kind parse(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
  }

  public Failure {
    Ids.require(trial, "a failure's trial");
    Ids.require(victim, "a failure's victim");
    Objects.requireNonNull(kind, "kind");
    message = Objects.requireNonNullElse(message, "").strip();
    host = Objects.requireNonNullElse(host, "");
    started = Objects.requireNonNullElse(started, "");
    if (attempt < 0) {
      throw new IllegalArgumentException(
          "failure of %s: attempt must be 0 or more, got %d".formatted(trial, attempt));
    }
  }

  byte[] encode() {
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("trial", trial);
    columns.put("victim", victim);
    columns.put("kind", kind.toString());
    columns.put("message", message);
    columns.put("host", host);
    columns.put("attempt", Integer.toString(attempt));
    columns.put("started", started);
    return DigestedCsv.encode(columns);
  }

  static Failure decode(byte[] bytes) throws DamagedException {
    Map<String, String> columns = DigestedCsv.decode(bytes);
    try {
      return new Failure(
          columns.get("trial"),
          columns.get("victim"),
          Kind.parse(columns.getOrDefault("kind", "")),
          columns.get("message"),
          columns.get("host"),
          Integer.parseInt(columns.getOrDefault("attempt", "")),
          columns.get("started"));
    } catch (IllegalArgumentException e) {
      throw new DamagedException("holds an impossible failure: " + e.getMessage());
    }
  }
}
