package io.backdoorgrid.store.row;

import io.backdoorgrid.store.Ids;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All results of a store.
 *
 * @param byTrial the valid rows by trial id, in the order of the ids
 * @param damaged files that are there but cannot be trusted; their trials count as missing
 */
public record Rows(Map<String, Row> byTrial, List<Damaged> damaged) {

  public Rows {
    byTrial = Collections.unmodifiableMap(new TreeMap<>(byTrial));
    damaged = List.copyOf(damaged);
  }

  /**
   * A file that is not what was once written.
   *
   * @param reason continues a sentence that begins with the path, such as "does not match its
   *     digest"
   */
  public record Damaged(String path, String reason) {

    /** The trial that the file had the row of, if it was its own. */
    public Optional<String> trial() {
      String name = path.substring(path.lastIndexOf('/') + 1);
      return Optional.of(name.replaceFirst("[.]csv$", "")).filter(Ids::isId);
    }

    @Override
    public String toString() {
      return path + ": " + reason;
    }
  }
}
