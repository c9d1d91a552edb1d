package io.backdoorgrid.store;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a store keeps without need, by kind.
 *
 * @param kinds in words, such as {@code leftovers of killed and removed work}, with their paths
 */
public record Garbage(Map<String, List<Item>> kinds) {

  /**
   * @param path for a person
   * @param bytes of a file, or of all in a folder
   */
  public record Item(String path, long bytes) {}

  public Garbage {
    kinds = new LinkedHashMap<>(kinds);
  }

  /** All bytes of a kind. */
  public long bytes(String kind) {
    return kinds.get(kind).stream().mapToLong(Item::bytes).sum();
  }
}
