package io.backdoorgrid.grid.read;

import io.backdoorgrid.grid.Axes;
import io.backdoorgrid.grid.Axis;
import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.Names;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.Values;
import io.backdoorgrid.grid.yaml.Node;
import io.backdoorgrid.grid.yaml.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A rule that drops cells: those whose value on every one of its axes is among the wanted.
 *
 * <p>Values are compared as {@link Trial#text} spells them, so {@code 0.10} excludes 0.1.
 *
 * @param plain as the grid file writes it
 * @param place where
 */
record Exclusion(Map<String, Set<String>> wanted, Object plain, Place place) {

  boolean matches(Trial trial) {
    return matches(trial, wanted);
  }

  /** Whether the trial has one of the wanted values on every axis. */
  static boolean matches(Trial trial, Map<String, Set<String>> wanted) {
    for (Map.Entry<String, Set<String>> axis : wanted.entrySet()) {
      if (!axis.getValue().contains(trial.text(axis.getKey()))) {
        return false;
      }
    }
    return true;
  }

  static List<Exclusion> read(Node node, Catalog catalog) {
    List<Exclusion> rules = new ArrayList<>();
    for (Node item : node.alternatives("exclude")) {
      if (!(item instanceof Node.Mapping rule) || rule.members().isEmpty()) {
        throw item.error("exclude must hold maps of axes, got " + item.shown());
      }
      Map<String, Set<String>> wanted = new LinkedHashMap<>();
      rule.members()
          .forEach(
              (written, member) -> {
                String axis = Selection.axis(written, member.place(), catalog);
                wanted.put(axis, texts(axis, member, catalog));
              });
      rules.add(new Exclusion(wanted, rule.plain(), rule.place()));
    }
    return rules;
  }

  private static Set<String> texts(String axis, Node.Member member, Catalog catalog) {
    // Where a default is a list, a list is one value.
    Object standard =
        Axes.hyperparameters(axis, catalog).stream()
            .filter(List.class::isInstance)
            .findFirst()
            .orElse("");
    Set<String> texts = new LinkedHashSet<>();
    for (Node value : Variants.values(axis, standard, member)) {
      checkValue(axis, value, catalog);
      texts.add(Values.text(value.plain()));
    }
    return texts;
  }

  private static void checkValue(String axis, Node value, Catalog catalog) {
    Optional<Axis> setting = catalog.axes().find(axis);
    if (setting.isEmpty()) {
      return;
    }
    if (setting.get().domain() instanceof Axis.Plain plain) {
      PlainValue.read(axis, plain, value);
    } else {
      Set<String> names = catalog.names(setting.get().kind().orElseThrow());
      String name = String.valueOf(value.plain());
      if (!names.contains(name)) {
        throw value.error(Names.unknown(axis, name, names));
      }
    }
  }
}
