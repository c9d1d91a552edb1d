package io.backdoorgrid.grid;

import io.backdoorgrid.grid.Catalog.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The axes of a grid by name, for tables, exclusions and selections: a setting such as {@code
 * attack} or {@code poison-rate}, or a hyperparameter by kind ({@code attack.size}) or by algorithm
 * ({@code badnets.size}).
 */
public final class Axes {
  private static final List<String> SETTINGS =
      List.of(
          "dataset",
          "model",
          "attack",
          "defense",
          "extractor",
          "train",
          "poison-rate",
          "held-out",
          "images",
          "precision",
          "seed",
          "clean-ratio");

  private Axes() {}

  /**
   * The value of {@code axis} for one cell.
   *
   * @return empty for a hyperparameter that the cell's algorithms lack, and for the extractor of a
   *     defense that uses none
   * @throws IllegalArgumentException if there is no such setting; whether some algorithm has a
   *     hyperparameter of that name, one cell cannot tell: see {@link #check}
   */
  public static String text(Trial trial, String axis) {
    Victim victim = trial.victim();
    return switch (axis) {
      case "dataset" -> victim.dataset().name();
      case "model" -> victim.model().name();
      case "attack" -> victim.attack().name();
      case "defense" -> trial.defense().name();
      case "extractor" -> trial.usesExtractor() ? trial.extractor().name() : "";
      case "train" -> victim.train().name();
      case "poison-rate" -> Values.text(victim.poisonRate());
      case "held-out" -> Values.text(victim.heldOut());
      case "images" -> Long.toString(victim.images());
      case "precision" -> victim.precision();
      case "seed" -> Long.toString(victim.seed());
      case "clean-ratio" -> Values.text(trial.cleanRatio());
      default -> hyperparameter(trial, axis);
    };
  }

  /**
   * An algorithm with the chosen hyperparameters, such as {@code clp u=3 eps=0}.
   *
   * @param shown names of hyperparameters; those that {@code spec} lacks are left out
   */
  public static String label(Spec spec, Set<String> shown) {
    return Stream.concat(Stream.of(spec.name()), settings(spec, shown).stream())
        .collect(Collectors.joining(" "));
  }

  /** The chosen hyperparameters, such as {@code u=3}, in documented order. */
  static List<String> settings(Spec spec, Set<String> shown) {
    return spec.parameters().entrySet().stream()
        .filter(parameter -> shown.contains(parameter.getKey()))
        .map(parameter -> parameter.getKey() + "=" + Values.text(parameter.getValue()))
        .toList();
  }

  /**
   * Makes sure that {@code axis} means something.
   *
   * @throws IllegalArgumentException naming the nearest valid axis, if it does not
   */
  public static void check(String axis, Catalog catalog) {
    if (SETTINGS.contains(axis) || !hyperparameters(axis, catalog).isEmpty()) {
      return;
    }
    Set<String> all = new LinkedHashSet<>(SETTINGS);
    for (Kind kind : Kind.values()) {
      for (String name : catalog.names(kind)) {
        for (String key : catalog.entry(kind, name).defaults().keySet()) {
          all.add(kind.key() + "." + key);
          all.add(name + "." + key);
        }
      }
    }
    String owner = axis.contains(".") ? axis.substring(0, axis.indexOf('.') + 1) : "";
    List<String> related = all.stream().filter(name -> name.startsWith(owner)).toList();
    String nearest =
        Names.nearest(axis, all).map(name -> "; did you mean '" + name + "'?").orElse("");
    List<String> listed = owner.isEmpty() || related.isEmpty() ? SETTINGS : related;
    throw new IllegalArgumentException(
        "unknown axis " + Names.quote(axis) + nearest + " (known: " + Names.list(listed) + ")");
  }

  /** The defaults of every hyperparameter of the catalog that the dotted {@code axis} means. */
  static List<Object> hyperparameters(String axis, Catalog catalog) {
    int dot = axis.indexOf('.');
    List<Object> defaults = new ArrayList<>();
    if (dot < 0) {
      return defaults;
    }
    String owner = axis.substring(0, dot);
    String key = axis.substring(dot + 1);
    for (Catalog.Entry entry : owned(owner, catalog)) {
      Object value = entry.defaults().get(key);
      if (value != null) {
        defaults.add(value);
      }
    }
    return defaults;
  }

  /** What a kind or a name before a dot means. */
  static List<Catalog.Entry> owned(String owner, Catalog catalog) {
    List<Catalog.Entry> entries = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (String name : catalog.names(kind)) {
        if (owner.equals(kind.key()) || owner.equals(name)) {
          entries.add(catalog.entry(kind, name));
        }
      }
    }
    return entries;
  }

  private static String hyperparameter(Trial trial, String axis) {
    int dot = axis.indexOf('.');
    if (dot <= 0 || dot == axis.length() - 1) {
      throw new IllegalArgumentException(Names.unknown("axis", axis, SETTINGS));
    }
    String owner = axis.substring(0, dot);
    String key = axis.substring(dot + 1);
    Victim victim = trial.victim();
    return switch (owner) {
      case "dataset" -> parameter(victim.dataset(), key);
      case "model" -> parameter(victim.model(), key);
      case "attack" -> parameter(victim.attack(), key);
      case "defense" -> parameter(trial.defense(), key);
      case "extractor" -> parameter(trial.extractor(), key);
      case "train" -> parameter(victim.train(), key);
      default ->
          Stream.of(
                  victim.dataset(),
                  victim.model(),
                  victim.attack(),
                  victim.train(),
                  trial.defense(),
                  trial.extractor())
              .filter(spec -> spec.name().equals(owner) && spec.parameters().containsKey(key))
              .map(spec -> parameter(spec, key))
              .findFirst()
              .orElse("");
    };
  }

  private static String parameter(Spec spec, String key) {
    Object value = spec.parameters().get(key);
    return value == null ? "" : Values.text(value);
  }

  /**
   * By algorithm, the hyperparameters that are not the same in all of these cells: what a {@link
   * #label} has to show.
   *
   * @param spec which of a cell's algorithms is meant, such as {@code Trial::defense}
   */
  public static Map<String, Set<String>> differing(
      Collection<Trial> trials, Function<Trial, Spec> spec) {
    Map<String, Spec> first = new HashMap<>();
    Map<String, Set<String>> differing = new HashMap<>();
    Set<Spec> seen = new HashSet<>();
    for (Trial trial : trials) {
      Spec value = spec.apply(trial);
      if (!seen.add(value)) {
        continue;
      }
      Spec other = first.putIfAbsent(value.name(), value);
      if (other == null) {
        continue;
      }
      value
          .parameters()
          .forEach(
              (key, setting) -> {
                if (!setting.equals(other.parameters().get(key))) {
                  differing.computeIfAbsent(value.name(), name -> new HashSet<>()).add(key);
                }
              });
    }
    return differing;
  }
}
