package io.backdoorgrid.algorithm;

import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.Spec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The algorithms of one kind by name; adding one takes one line.
 *
 * @param <T> what they have in common
 */
public final class Registry<T> {

  private final Map<String, RecordEntry<T>> entries = new LinkedHashMap<>();
  private final Function<T, Set<String>> uses;
  private final Function<T, String> group;

  /**
   * @param uses the shared settings (such as {@code poison-rate}) on which an algorithm's result
   *     depends
   */
  public Registry(Function<T, Set<String>> uses) {
    this(uses, algorithm -> "");
  }

  /**
   * @param group the heading under which a list shows an algorithm, such as its threat model
   */
  public Registry(Function<T, Set<String>> uses, Function<T, String> group) {
    this.uses = uses;
    this.group = group;
  }

  /** A registry of the same, to which more can be added. */
  public Registry<T> copy() {
    var copy = new Registry<>(uses, group);
    copy.entries.putAll(entries);
    return copy;
  }

  /** Adds a record with {@link Algorithm} under its own name, its components being the defaults. */
  public Registry<T> add(T defaults) {
    return add(defaults, Map.of());
  }

  /**
   * Adds a record as above.
   *
   * @param presets what {@code preset: name} stands for in grid files, such as the setting of a
   *     paper: by name, what it changes of the defaults, as a grid file writes it
   * @throws IllegalArgumentException naming preset, hyperparameter and value, if a preset changes
   *     an unknown hyperparameter or sets an impossible value
   */
  public Registry<T> add(T defaults, Map<String, Map<String, Object>> presets) {
    return add(RecordEntry.annotation(defaults).value(), defaults, presets);
  }

  /** Adds a variant: the same algorithm under another name, with other defaults. */
  public Registry<T> add(String name, T defaults) {
    return add(name, defaults, Map.of());
  }

  /** Adds a variant with presets of its own, which are laid over its own defaults. */
  public Registry<T> add(String name, T defaults, Map<String, Map<String, Object>> presets) {
    entries.put(
        name,
        new RecordEntry<>(name, defaults, presets, uses.apply(defaults), group.apply(defaults)));
    return this;
  }

  /** The names in the order of addition. */
  public Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  /**
   * The entry of that name, for the grid.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Catalog.Entry entry(String name) {
    return find(name);
  }

  /** The algorithm that a grid file asked for. */
  public T create(Spec spec) {
    return find(spec.name()).create(spec.parameters());
  }

  private RecordEntry<T> find(String name) {
    RecordEntry<T> entry = entries.get(name);
    Checks.require(entry != null, "unknown name '%s', known: %s", name, names());
    return entry;
  }
}
