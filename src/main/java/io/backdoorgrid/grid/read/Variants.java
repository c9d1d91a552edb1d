package io.backdoorgrid.grid.read;

import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.Catalog.Kind;
import io.backdoorgrid.grid.FileAddress;
import io.backdoorgrid.grid.FileContent;
import io.backdoorgrid.grid.NamedFile;
import io.backdoorgrid.grid.Names;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Values;
import io.backdoorgrid.grid.yaml.Node;
import io.backdoorgrid.grid.yaml.Place;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Expands the lists among hyperparameters: one {@link Spec} for each combination. */
final class Variants {
  private final Catalog catalog;

  /** Each is read once, so that all cells agree on it. */
  private final Map<Path, NamedFile> files = new HashMap<>();

  Variants(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * @param uses see {@link Catalog.Entry#uses()}
   */
  record Variant(Spec spec, Set<String> uses) {}

  List<Variant> of(Kind kind, List<Choice> choices) {
    List<Variant> variants = new ArrayList<>();
    for (Choice choice : choices) {
      Catalog.Entry entry = catalog.entry(kind, choice.name());
      List<String> keys = List.copyOf(choice.given().keySet());
      List<List<Node>> axes = new ArrayList<>();
      choice
          .given()
          .forEach((key, member) -> axes.add(values(key, entry.defaults().get(key), member)));
      if (Product.size(axes) > Expansion.MAX_CELLS - variants.size()) {
        throw choice.place().error("more than " + Expansion.MAX_CELLS + " combinations");
      }
      Product.forEach(
          axes,
          at -> {
            Map<String, Node> given = new LinkedHashMap<>();
            for (int i = 0; i < at.length; i++) {
              given.put(keys.get(i), axes.get(i).get(at[i]));
            }
            variants.add(new Variant(complete(kind, entry, choice, given), entry.uses()));
          });
    }
    return variants;
  }

  /** The values of one hyperparameter; where its default is a list, a list is a single value. */
  static List<Node> values(String key, Object standard, Node.Member member) {
    Node node = member.value();
    boolean isList = standard instanceof List;
    boolean nested =
        node instanceof Node.Sequence list
            && list.items().stream().anyMatch(Node.Sequence.class::isInstance);
    List<Node> values = isList && !nested ? List.of(node) : Range.alternatives(key, node);
    for (Node value : values) {
      boolean ok = value instanceof Node.Scalar scalar && !scalar.isNothing();
      if (isList && value instanceof Node.Sequence list) {
        ok = list.items().stream().allMatch(item -> item.plain() != null && isScalar(item));
      }
      if (!ok || (isList && nested && isScalar(value))) {
        String wanted = isList ? "a list, or a list of lists" : "a value, or a list of values";
        throw value.error(key + " must be " + wanted + ", got " + value.shown());
      }
    }
    return values;
  }

  private static boolean isScalar(Node node) {
    return node instanceof Node.Scalar;
  }

  private Spec complete(Kind kind, Catalog.Entry entry, Choice choice, Map<String, Node> given) {
    Map<String, Object> preset = preset(kind, entry, given.remove(Catalog.PRESET));
    Map<String, Object> plain = new LinkedHashMap<>(preset);
    given.forEach((key, node) -> plain.put(key, plain(entry, key, node)));
    try {
      // A copy: the catalog may hand out a map of its own.
      Map<String, Object> all = new LinkedHashMap<>(entry.complete(plain));
      return entry.spec(Collections.unmodifiableMap(all));
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      throw culprit(entry, preset, given, message).orElse(choice.place()).error(message);
    }
  }

  /** What was written for a hyperparameter; the file itself where it names one. */
  private Object plain(Catalog.Entry entry, String key, Node node) {
    if (!(entry.defaults().get(key) instanceof NamedFile standard)
        || !(node instanceof Node.Scalar written)
        || written.text().equals(FileContent.NONE.toString())) {
      return node.plain();
    }
    try {
      return files.computeIfAbsent(
          written.place().folder().resolve(written.text()),
          standard instanceof FileContent ? FileContent::read : FileAddress::of);
    } catch (IllegalArgumentException e) {
      throw node.error(key + ": " + e.getMessage());
    }
  }

  /**
   * @param name null for none
   */
  private static Map<String, Object> preset(Kind kind, Catalog.Entry entry, Node name) {
    if (name == null) {
      return Map.of();
    }
    String text = Values.text(name.plain());
    Map<String, Object> preset = entry.presets().get(text);
    if (preset == null) {
      throw name.error(
          "unknown preset "
              + (Names.quote(text) + " of " + kind.key() + " '" + entry.name() + "'")
              + Names.hint(text, entry.presets().keySet(), "known"));
    }
    return preset;
  }

  /** The place of the value that causes the same error alone. */
  private Optional<Place> culprit(
      Catalog.Entry entry, Map<String, Object> preset, Map<String, Node> given, String message) {
    return given.entrySet().stream()
        .filter(
            candidate -> {
              Map<String, Object> alone = new LinkedHashMap<>(preset);
              alone.put(candidate.getKey(), plain(entry, candidate.getKey(), candidate.getValue()));
              try {
                entry.complete(alone);
                return false;
              } catch (IllegalArgumentException e) {
                return message.equals(e.getMessage());
              }
            })
        .map(candidate -> candidate.getValue().place())
        .findFirst();
  }
}
