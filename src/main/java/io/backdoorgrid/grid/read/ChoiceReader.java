package io.backdoorgrid.grid.read;

import io.backdoorgrid.grid.Axis;
import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.Catalog.Kind;
import io.backdoorgrid.grid.Names;
import io.backdoorgrid.grid.yaml.Node;
import io.backdoorgrid.grid.yaml.Place;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the axes that hold names: {@code dataset}, {@code attack}, {@code defenses}, ... */
final class ChoiceReader {
  private final Catalog catalog;

  ChoiceReader(Catalog catalog) {
    this.catalog = catalog;
  }

  List<Choice> read(Axis axis, Node node) {
    return node.alternatives(axis.written()).stream().map(item -> choice(axis, item)).toList();
  }

  /** The choice in grids that name nothing of this kind. */
  Choice first(Kind kind, Place place) {
    return new Choice(place, catalog.names(kind).iterator().next(), Map.of());
  }

  private Choice choice(Axis axis, Node node) {
    Kind kind = axis.kind().orElseThrow();
    if (node instanceof Node.Scalar scalar && !scalar.isNothing()) {
      return named(kind, scalar.place(), scalar.text(), Map.of());
    }
    if (node instanceof Node.Mapping mapping) {
      if (kind == Kind.TRAIN && !namesARecipe(mapping)) {
        Choice first = first(kind, mapping.place());
        return named(kind, first.place(), first.name(), mapping.members());
      }
      if (mapping.members().size() == 1) {
        Map.Entry<String, Node.Member> only = mapping.members().entrySet().iterator().next();
        return configured(kind, only.getKey(), only.getValue());
      }
    }
    throw node.error(
        axis.written()
            + " must be a name, {name: {hyperparameters}} or a list of these, got "
            + (node instanceof Node.Mapping map
                ? "a map of " + map.members().size() + " keys"
                : node.shown()));
  }

  private boolean namesARecipe(Node.Mapping mapping) {
    if (mapping.members().size() != 1) {
      return false;
    }
    Map.Entry<String, Node.Member> only = mapping.members().entrySet().iterator().next();
    Set<String> recipes = catalog.names(Kind.TRAIN);
    String first = recipes.iterator().next();
    // No hyperparameter is a map, so a key with a map is a recipe, perhaps mistyped.
    return recipes.contains(only.getKey())
        || only.getValue().value() instanceof Node.Mapping
            && !catalog.entry(Kind.TRAIN, first).defaults().containsKey(only.getKey());
  }

  private Choice configured(Kind kind, String name, Node.Member member) {
    if (member.value() instanceof Node.Mapping hyperparameters) {
      return named(kind, member.place(), name, hyperparameters.members());
    }
    // `- clp:` with nothing after it is clp with its defaults.
    Choice bare = named(kind, member.place(), name, Map.of());
    if (member.value() instanceof Node.Scalar scalar && scalar.isNothing()) {
      return bare;
    }
    throw member
        .value()
        .error(
            "the hyperparameters of "
                + (kind.key() + " '" + name)
                + "' must be a map, got "
                + member.value().shown());
  }

  private Choice named(Kind kind, Place place, String name, Map<String, Node.Member> given) {
    if (!catalog.names(kind).contains(name)) {
      throw place.error(Names.unknown(kind.key(), name, catalog.names(kind)));
    }
    Catalog.Entry entry = catalog.entry(kind, name);
    Map<String, Node.Member> current = new LinkedHashMap<>();
    given.forEach(
        (written, member) -> {
          String key = entry.currentKey(written);
          if (!entry.keys().contains(key)) {
            throw member.place().error(unknown(kind.key() + " '" + name + "'", key, entry.keys()));
          }
          if (current.put(key, member) != null) {
            throw member
                .place()
                .error(
                    "'%s' is the former name of '%s', which is given too"
                        .formatted(entry.formerKeys().get(key), key));
          }
        });
    return new Choice(place, name, Collections.unmodifiableMap(current));
  }

  private static String unknown(String owner, String key, Set<String> known) {
    if (key.equals(Catalog.PRESET)) {
      return owner + " has no presets";
    }
    return "unknown hyperparameter "
        + (Names.quote(key) + " of " + owner)
        + (known.isEmpty() ? ", which has none" : Names.hint(key, known, "known"));
  }
}
