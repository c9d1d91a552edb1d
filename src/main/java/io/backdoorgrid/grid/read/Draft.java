package io.backdoorgrid.grid.read;

import io.backdoorgrid.grid.Axis;
import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.Names;
import io.backdoorgrid.grid.TableSpec;
import io.backdoorgrid.grid.yaml.Node;
import io.backdoorgrid.grid.yaml.Place;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The settings of a grid while profile and options are laid over it; lists are not expanded. */
final class Draft {
  private final Catalog catalog;
  private final Map<Axis, List<Choice>> choices = new LinkedHashMap<>();
  private final Map<Axis, List<PlainValue>> values = new LinkedHashMap<>();

  /** What was written, without the defaults. */
  private final Set<Axis> given = new HashSet<>();

  /** The victims' axes in the order of the file. */
  private final Set<Axis> victimOrder = new LinkedHashSet<>();

  String name;
  List<Exclusion> exclusions = List.of();
  TableSpec table = TableSpec.DEFAULT;

  Draft(Catalog catalog) {
    this.catalog = catalog;
  }

  /** Sets an axis to what was written for it. */
  void put(Axis axis, Node node) {
    given.add(axis);
    if (axis.owner() == Axis.Owner.VICTIM) {
      victimOrder.add(axis);
    }
    if (axis.domain() instanceof Axis.Plain plain) {
      values.put(axis, PlainValue.read(axis.key(), plain, node));
    } else {
      choices.put(axis, new ChoiceReader(catalog).read(axis, node));
    }
  }

  List<Choice> choices(Axis axis) {
    return choices.get(axis);
  }

  void choose(Axis axis, List<Choice> changed) {
    choices.put(axis, changed);
  }

  List<PlainValue> values(Axis axis) {
    return values.get(axis);
  }

  /** The victims' axes, in the order in which cells vary. */
  List<Axis> victimOrder() {
    return List.copyOf(victimOrder);
  }

  /**
   * The axes that are visible in this grid. One that was added later is visible only where it was
   * given or an algorithm uses it, so that older frozen plans stay the same.
   */
  List<Axis> seen() {
    Set<String> used = new HashSet<>();
    choices.forEach(
        (axis, its) ->
            its.forEach(
                choice ->
                    used.addAll(catalog.entry(axis.kind().orElseThrow(), choice.name()).uses())));
    return catalog.axes().all().stream()
        .filter(axis -> choices.containsKey(axis) || values.containsKey(axis))
        .filter(
            axis ->
                !axis.later()
                    || given.contains(axis)
                    || axis.unused().isPresent() && used.contains(axis.key()))
        .toList();
  }

  /** Fills in what was left out, except what every grid must name. */
  void fillIn(Place place) {
    for (Axis axis : catalog.axes().all()) {
      if (axis.domain() instanceof Axis.Plain plain) {
        values.computeIfAbsent(axis, key -> List.of(new PlainValue(place, plain.standard())));
      } else if (axis.domain() instanceof Axis.Named named && !named.required()) {
        choices.computeIfAbsent(
            axis, key -> List.of(new ChoiceReader(catalog).first(named.kind(), place)));
      }
      if (axis.owner() == Axis.Owner.VICTIM) {
        victimOrder.add(axis);
      }
    }
  }

  boolean isComplete() {
    return catalog.axes().all().stream().allMatch(this::has);
  }

  private boolean has(Axis axis) {
    return choices.containsKey(axis) || values.containsKey(axis);
  }

  void requireComplete(Place file) {
    for (Axis axis : catalog.axes().all()) {
      if (!has(axis)) {
        throw file.error(
            "missing key '"
                + axis.written()
                + (axis.owner() == Axis.Owner.TRIAL ? "'" : "' under victims")
                + " (known: "
                + Names.list(catalog.names(axis.kind().orElseThrow()))
                + ")");
      }
    }
  }

  /** As a grid file would write it. */
  Map<String, Object> plain() {
    Map<String, Object> plain = new LinkedHashMap<>();
    List<Axis> seen = seen();
    plain.put("name", name);
    plain.put("victims", plain(victimOrder.stream().filter(seen::contains).toList()));
    plain.putAll(plain(seen.stream().filter(axis -> axis.owner() == Axis.Owner.TRIAL).toList()));
    if (!exclusions.isEmpty()) {
      plain.put("exclude", exclusions.stream().map(Exclusion::plain).toList());
    }
    plain.put("table", TableReader.plain(table));
    return plain;
  }

  private Map<String, Object> plain(List<Axis> axes) {
    Map<String, Object> plain = new LinkedHashMap<>();
    axes.forEach(
        axis ->
            plain.put(
                axis.written(),
                choices.containsKey(axis)
                    ? collapsed(choices.get(axis), Choice::plain)
                    : collapsed(values.get(axis), PlainValue::value)));
    return plain;
  }

  private static <T> Object collapsed(List<T> axis, Function<T, Object> plain) {
    List<Object> written = new ArrayList<>();
    axis.forEach(value -> written.add(plain.apply(value)));
    return written.size() == 1 ? written.get(0) : written;
  }
}
