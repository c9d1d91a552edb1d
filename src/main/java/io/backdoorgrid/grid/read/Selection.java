package io.backdoorgrid.grid.read;

import io.backdoorgrid.grid.Axes;
import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.GridException;
import io.backdoorgrid.grid.Names;
import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.Values;
import io.backdoorgrid.grid.yaml.Node;
import io.backdoorgrid.grid.yaml.Place;
import io.backdoorgrid.grid.yaml.Yaml;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Keeps the cells that {@code --only} and {@code --limit} ask for. */
final class Selection {
  private Selection() {}

  static List<Trial> select(List<Trial> trials, Overrides overrides, Catalog catalog) {
    Map<String, Set<String>> wanted = new LinkedHashMap<>();
    for (String option : overrides.only()) {
      read(option, trials, catalog, wanted);
    }
    List<Trial> kept =
        wanted.isEmpty()
            ? trials
            : trials.stream().filter(trial -> Exclusion.matches(trial, wanted)).toList();
    if (kept.isEmpty() && !trials.isEmpty()) {
      throw new GridException(
          "--only "
              + String.join(" --only ", overrides.only().stream().map(Names::printable).toList())
              + ": no cell matches all of these");
    }
    if (overrides.limit().isEmpty()) {
      return kept;
    }
    long limit = overrides.limit().getAsLong();
    if (limit < 1) {
      throw new GridException("--limit must be at least 1, got " + limit);
    }
    return limit < kept.size() ? List.copyOf(kept.subList(0, (int) limit)) : kept;
  }

  /** The axis that a person meant by what was written there. */
  static String axis(String written, Place place, Catalog catalog) {
    try {
      return Axes.meant(written, catalog);
    } catch (IllegalArgumentException e) {
      throw place.error(e.getMessage());
    }
  }

  private static void read(
      String option, List<Trial> trials, Catalog catalog, Map<String, Set<String>> wanted) {
    int equals = option.indexOf('=');
    Place place = Place.ofOption("--only " + Names.printable(option));
    if (equals <= 0 || option.substring(equals + 1).isBlank()) {
      throw place.error("expected axis=value,value, such as attack=badnets");
    }
    String axis = axis(option.substring(0, equals).strip(), place, catalog);
    Node values = Yaml.ofOption(place, "[" + option.substring(equals + 1) + "]");
    Set<String> present =
        trials.stream()
            .map(trial -> trial.text(axis))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    for (Node value : values.alternatives(axis)) {
      String text = Values.text(value.plain());
      if (!present.contains(text)) {
        present.remove("");
        throw place.error(
            "no cell has " + axis + " " + Names.quote(text) + Names.hint(text, present, "here"));
      }
      wanted.computeIfAbsent(axis, missing -> new LinkedHashSet<>()).add(text);
    }
  }
}
