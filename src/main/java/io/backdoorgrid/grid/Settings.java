package io.backdoorgrid.grid;

import io.backdoorgrid.grid.Catalog.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What a grid asks for, while profile and options are laid over it; lists are not expanded. */
final class Settings {
  /** The keys of the {@code victims:} section. */
  static final List<String> VICTIM_KEYS =
      List.of(
          "dataset",
          "model",
          "attack",
          "poison-rate",
          "train",
          "seed",
          "held-out",
          "images",
          "precision");

  final Map<Kind, List<Choice>> choices = new EnumMap<>(Kind.class);
  final Map<Setting, List<Setting.Value>> values = new EnumMap<>(Setting.class);

  /** The keys of the victims in the order of the file, which is the order of their axes. */
  final Set<String> victimOrder = new LinkedHashSet<>();

  String name;
  List<Exclusion> exclusions = List.of();
  TableSpec table = TableSpec.DEFAULT;

  private boolean extractorGiven;

  /** The key of a grid file, or the path of an option, under which a kind stands. */
  static String key(Kind kind) {
    return kind == Kind.DEFENSE ? "defenses" : kind.key();
  }

  /** What was written for a kind, unlike what is filled in. */
  void choose(Kind kind, List<Choice> given) {
    choices.put(kind, given);
    extractorGiven |= kind == Kind.EXTRACTOR;
  }

  /**
   * The kinds that can be seen in this grid. The extractor is one only where it was given or a
   * defense uses it, so that plans frozen before there were extractors stay what they are.
   */
  Set<Kind> kinds(Catalog catalog) {
    Set<Kind> kinds = EnumSet.copyOf(choices.keySet());
    boolean used =
        choices.getOrDefault(Kind.DEFENSE, List.of()).stream()
            .anyMatch(
                defense ->
                    catalog.entry(Kind.DEFENSE, defense.name()).uses().contains("extractor"));
    if (!extractorGiven && !used) {
      kinds.remove(Kind.EXTRACTOR);
    }
    return kinds;
  }

  /** Fills in what was left out, except what every grid must name. */
  void fillIn(Place place, ChoiceReader reader) {
    for (Kind optional : List.of(Kind.TRAIN, Kind.EXTRACTOR)) {
      choices.computeIfAbsent(optional, kind -> List.of(reader.first(kind, place)));
    }
    for (Setting setting : Setting.values()) {
      values.computeIfAbsent(setting, missing -> missing.standard(place));
    }
    victimOrder.addAll(VICTIM_KEYS);
  }

  void require(Place file, Catalog catalog) {
    for (Kind kind : Kind.values()) {
      if (!choices.containsKey(kind)) {
        throw file.error(
            "missing key '"
                + key(kind)
                + (kind == Kind.DEFENSE ? "'" : "' under victims")
                + " (known: "
                + Names.list(catalog.names(kind))
                + ")");
      }
    }
  }

  /** As a grid file would write it. */
  Map<String, Object> plain(Catalog catalog) {
    Map<String, Object> victims = new LinkedHashMap<>();
    victimOrder.forEach(key -> victims.put(key, axis(key)));
    Map<String, Object> plain = new LinkedHashMap<>();
    plain.put("name", name);
    plain.put("victims", victims);
    plain.put("defenses", axis("defenses"));
    if (kinds(catalog).contains(Kind.EXTRACTOR)) {
      plain.put("extractor", axis("extractor"));
    }
    plain.put("clean-ratio", axis("clean-ratio"));
    if (!exclusions.isEmpty()) {
      plain.put("exclude", exclusions.stream().map(Exclusion::plain).toList());
    }
    plain.put("table", TableReader.plain(table));
    return plain;
  }

  private Object axis(String key) {
    for (Kind kind : Kind.values()) {
      if (key.equals(key(kind))) {
        return collapsed(choices.get(kind), Choice::plain);
      }
    }
    return collapsed(values.get(Setting.of(key).orElseThrow()), Setting.Value::value);
  }

  private static <T> Object collapsed(List<T> axis, Function<T, Object> plain) {
    List<Object> written = new ArrayList<>();
    axis.forEach(value -> written.add(plain.apply(value)));
    return written.size() == 1 ? written.get(0) : written;
  }
}
