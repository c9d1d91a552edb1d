package io.backdoorgrid.grid.read;

import io.backdoorgrid.grid.Axes;
import io.backdoorgrid.grid.Axis;
import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.Catalog.Kind;
import io.backdoorgrid.grid.GridException;
import io.backdoorgrid.grid.Names;
import io.backdoorgrid.grid.yaml.Node;
import io.backdoorgrid.grid.yaml.Place;
import io.backdoorgrid.grid.yaml.Yaml;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Lays the settings of a profile or of {@code --set} over those of a grid file. */
final class DraftOverlay {
  private final Catalog catalog;
  private final Draft draft;

  DraftOverlay(Catalog catalog, Draft draft) {
    this.catalog = catalog;
    this.draft = draft;
  }

  /** Settings that this grid does not use are ignored; misspelled ones are errors. */
  void apply(Profile profile) {
    profile
        .set()
        .forEach(
            (path, member) -> {
              if (!put(path, member) && !isKnown(path)) {
                throw unknown(path, member.place(), "unknown setting ");
              }
            });
  }

  /**
   * @param option {@code path=value}
   */
  void apply(String option) {
    int equals = option.indexOf('=');
    Place place = Place.ofOption("--set " + Names.printable(option));
    if (equals <= 0 || option.substring(equals + 1).isBlank()) {
      throw place.error("expected path=value, such as train.epochs=5");
    }
    String path = option.substring(0, equals).strip();
    Node value = Yaml.ofOption(place, option.substring(equals + 1));
    if (value instanceof Node.Scalar scalar && scalar.bare() && scalar.text().contains(",")) {
      throw place.error("a list is written in brackets: " + path + "=[" + scalar.text() + "]");
    }
    if (!put(path, new Node.Member(place, value))) {
      throw unknown(path, place, isKnown(path) ? "nothing in this grid has " : "unknown setting ");
    }
  }

  /** Whether some algorithm, in this grid or not, has this setting. */
  private boolean isKnown(String path) {
    int dot = path.indexOf('.');
    return dot >= 0
        && Axes.owned(path.substring(0, dot), catalog).stream()
            .anyMatch(entry -> has(entry, path.substring(dot + 1)));
  }

  private static boolean has(Catalog.Entry entry, String written) {
    return entry.keys().contains(entry.currentKey(written));
  }

  private boolean put(String path, Node.Member member) {
    Optional<Axis> axis = catalog.axes().written(path);
    if (axis.isPresent()) {
      draft.put(axis.get(), member.value());
      return true;
    }
    int dot = path.indexOf('.');
    if (dot < 0) {
      return false;
    }
    String owner = path.substring(0, dot);
    String key = path.substring(dot + 1);
    if (owner.equals("table") && TableReader.KEYS.contains(key)) {
      draft.table = new TableReader(catalog).with(draft.table, key, member.value());
      return true;
    }
    return putHyperparameter(owner, key, member);
  }

  private boolean putHyperparameter(String owner, String key, Node.Member member) {
    boolean applied = false;
    for (Axis axis : seenChoices()) {
      Kind kind = axis.kind().orElseThrow();
      List<Choice> changed = new ArrayList<>();
      for (Choice choice : draft.choices(axis)) {
        Catalog.Entry entry = catalog.entry(kind, choice.name());
        boolean meant =
            (owner.equals(kind.key()) || owner.equals(choice.name())) && has(entry, key);
        changed.add(meant ? choice.with(entry.currentKey(key), member) : choice);
        applied |= meant;
      }
      draft.choose(axis, changed);
    }
    return applied;
  }

  private List<Axis> seenChoices() {
    return draft.seen().stream().filter(axis -> axis.kind().isPresent()).toList();
  }

  private GridException unknown(String path, Place place, String complaint) {
    Set<String> paths = paths();
    String owner = path.substring(0, path.indexOf('.') + 1);
    List<String> related =
        paths.stream()
            .filter(known -> owner.isEmpty() ? !known.contains(".") : known.startsWith(owner))
            .toList();
    String nearest =
        Names.nearest(path, paths).map(name -> "; did you mean '" + name + "'?").orElse("");
    String listed = related.isEmpty() ? "" : " (known: " + Names.list(related) + ")";
    return place.error(complaint + Names.quote(path) + nearest + listed);
  }

  /** Everything that can be set in this grid. */
  private Set<String> paths() {
    Set<String> paths = new LinkedHashSet<>();
    catalog.axes().all().forEach(axis -> paths.add(axis.written()));
    TableReader.KEYS.forEach(key -> paths.add("table." + key));
    for (Axis axis : seenChoices()) {
      Kind kind = axis.kind().orElseThrow();
      for (Choice choice : draft.choices(axis)) {
        for (String key : catalog.entry(kind, choice.name()).keys()) {
          paths.add(kind.key() + "." + key);
          paths.add(choice.name() + "." + key);
        }
      }
    }
    return paths;
  }
}
