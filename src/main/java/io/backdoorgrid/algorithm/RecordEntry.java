package io.backdoorgrid.algorithm;

import io.backdoorgrid.grid.Catalog;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A record as the grid sees it: its components are the hyperparameters. */
final class RecordEntry<T> implements Catalog.Entry {

  private final String name;
  private final T prototype;
  private final Set<String> uses;
  private final String group;
  private final Map<String, Object> defaults;
  private final Set<String> later;
  private final Map<String, String> formerKeys;
  private final Map<String, Map<String, Object>> presets;

  /**
   * @param presets by name, what each of them changes of the prototype's values
   */
  RecordEntry(
      String name,
      T prototype,
      Map<String, Map<String, Object>> presets,
      Set<String> uses,
      String group) {
    this.name = name;
    this.prototype = prototype;
    this.uses = Set.copyOf(uses);
    this.group = group;
    this.defaults = Hyperparameters.values(prototype);
    this.later = Hyperparameters.later(prototype);
    this.formerKeys = Map.copyOf(Hyperparameters.formerKeys(prototype));
    // Maps of constants have no order; messages need one.
    var byName = new TreeMap<String, Map<String, Object>>();
    presets.forEach((preset, changes) -> byName.put(preset, filledIn(preset, changes)));
    this.presets = Collections.unmodifiableMap(byName);
  }

  private Map<String, Object> filledIn(String preset, Map<String, Object> changes) {
    try {
      return Hyperparameters.values(create(changes));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "preset '%s' of %s: %s".formatted(preset, name, e.getMessage()), e);
    }
  }

  static Algorithm annotation(Object prototype) {
    Algorithm annotation = prototype.getClass().getAnnotation(Algorithm.class);
    Checks.require(
        annotation != null && prototype instanceof Record,
        "%s is no record with @Algorithm",
        prototype.getClass());
    return annotation;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int version() {
    return annotation(prototype).version();
  }

  @Override
  public Map<String, Object> defaults() {
    return defaults;
  }

  @Override
  public String group() {
    return group;
  }

  @Override
  public String summary() {
    return Documentation.summary(prototype.getClass());
  }

  @Override
  public Map<String, Catalog.Hyperparameter> documented() {
    return Hyperparameters.documented(prototype);
  }

  @Override
  public Map<String, String> formerKeys() {
    return formerKeys;
  }

  @Override
  public Map<String, Map<String, Object>> presets() {
    return presets;
  }

  @Override
  public Map<String, Object> complete(Map<String, Object> given) {
    var complete = new LinkedHashMap<>(Hyperparameters.values(create(given)));
    complete.entrySet().removeIf(this::isAsBefore);
    return Collections.unmodifiableMap(complete);
  }

  private boolean isAsBefore(Map.Entry<String, Object> setting) {
    return later.contains(setting.getKey())
        && setting.getValue().equals(defaults.get(setting.getKey()));
  }

  @Override
  public Set<String> uses() {
    return uses;
  }

  /** The record with {@code given} laid over the defaults. */
  T create(Map<String, Object> given) {
    Hyperparameters.requireKnown(name, defaults.keySet(), given.keySet());
    return Hyperparameters.overlay(prototype, given);
  }
}
