package io.backdoorgrid.grid;

import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A named thing with all its hyperparameters filled in.
 *
 * @param name as in the grid file, such as {@code badnets}
 * @param version of its behavior, see {@link Catalog.Entry#version()}
 * @param parameters every hyperparameter, defaults included, in documented order; one that was
 *     added later only if it differs from its default
 * @param formerKeys see {@link Catalog.Entry#formerKeys()}
 */
public record Spec(
    String name, int version, Map<String, Object> parameters, Map<String, String> formerKeys)
    implements Serializable {

  /** A spec without renamed hyperparameters. */
  public Spec(String name, int version, Map<String, Object> parameters) {
    this(name, version, parameters, Map.of());
  }

  /** Nothing of that kind. */
  public static final Spec NONE = new Spec("none", 1, Map.of());

  /**
   * The name with the chosen hyperparameters, such as {@code clp u=3 eps=0}.
   *
   * @param shown names of hyperparameters; unknown ones are ignored
   */
  public String label(Set<String> shown) {
    return Stream.concat(Stream.of(name), settings(shown).stream())
        .collect(Collectors.joining(" "));
  }

  /** The name with those hyperparameters that are shown for algorithms of this name. */
  public String label(Map<String, Set<String>> shownByName) {
    return label(shownByName.getOrDefault(name, Set.of()));
  }

  /** The chosen hyperparameters, such as {@code u=3}, in documented order. */
  public List<String> settings(Set<String> shown) {
    return parameters.entrySet().stream()
        .filter(parameter -> shown.contains(parameter.getKey()))
        .map(parameter -> parameter.getKey() + "=" + Values.text(parameter.getValue()))
        .toList();
  }

  /** As columns of a row: the name under {@code key}, each hyperparameter behind a dot. */
  public Map<String, Object> columns(String key) {
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put(key, name);
    stored().forEach((parameter, value) -> columns.put(key + "." + parameter, value));
    return columns;
  }

  /** The hyperparameters by the keys that ids and rows have for them. */
  Map<String, Object> stored() {
    if (formerKeys.isEmpty()) {
      return parameters;
    }
    Map<String, Object> stored = new LinkedHashMap<>();
    parameters.forEach((key, value) -> stored.put(formerKeys.getOrDefault(key, key), value));
    return stored;
  }

  /** The text of a hyperparameter, empty if there is none of that name. */
  String text(String parameter) {
    Object value = parameters.get(parameter);
    return value == null ? "" : Values.text(value);
  }

  /**
   * By name, the hyperparameters that are not the same in all of these: what a {@link #label} has
   * to show.
   */
  public static Map<String, Set<String>> differing(Collection<Spec> specs) {
    Map<String, Spec> first = new HashMap<>();
    Map<String, Set<String>> differing = new HashMap<>();
    for (Spec spec : new HashSet<>(specs)) {
      Spec other = first.putIfAbsent(spec.name, spec);
      if (other == null) {
        continue;
      }
      // Either may lack a hyperparameter that was added later and has its default there.
      Stream.concat(spec.parameters.keySet().stream(), other.parameters.keySet().stream())
          .filter(key -> !Objects.equals(spec.parameters.get(key), other.parameters.get(key)))
          .forEach(key -> differing.computeIfAbsent(spec.name, name -> new HashSet<>()).add(key));
    }
    return differing;
  }
}
