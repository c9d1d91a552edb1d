package io.backdoorgrid.grid;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a victim or a trial is set to: the value of each of its axes.
 *
 * @param values by the axis's key, in the order of {@link Axes}: {@link Spec}, {@link Double},
 *     {@link Long} or {@link String}
 * @param unnamed keys that identities leave out: see {@link Axis#later}
 */
public record Settings(Map<String, Object> values, Set<String> unnamed) implements Serializable {

  public Settings {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    unnamed = Set.copyOf(unnamed);
  }

  /** Settings that identities name without exception. */
  public Settings(Map<String, Object> values) {
    this(values, Set.of());
  }

  /**
   * The algorithm that an axis is set to.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Spec spec(String key) {
    return get(key, Spec.class);
  }

  <T> T get(String key, Class<T> type) {
    if (!type.isInstance(values.get(key))) {
      throw new IllegalArgumentException(
          "%s is no %s among the settings %s".formatted(key, type.getSimpleName(), values));
    }
    return type.cast(values.get(key));
  }

  /** The same with other values for some axes. */
  Settings with(Map<String, Object> changes) {
    Map<String, Object> changed = new LinkedHashMap<>(values);
    changes.forEach(
        (key, value) -> {
          if (changed.replace(key, value) == null) {
            throw new IllegalArgumentException("no setting " + key + " in " + values.keySet());
          }
        });
    return new Settings(changed, unnamed);
  }

  /**
   * As columns of a row: each setting under its key, hyperparameters under {@code
   * key.hyperparameter}. What identities leave out has no column either.
   */
  public Map<String, Object> columns() {
    Map<String, Object> columns = new LinkedHashMap<>();
    named()
        .forEach(
            (key, value) -> {
              if (value instanceof Spec spec) {
                columns.putAll(spec.columns(key));
              } else {
                columns.put(key, value);
              }
            });
    return columns;
  }

  /** What identities name. */
  Map<String, Object> named() {
    if (unnamed.isEmpty()) {
      return values;
    }
    Map<String, Object> named = new LinkedHashMap<>(values);
    named.keySet().removeAll(unnamed);
    return named;
  }
}
