package io.backdoorgrid.grid;

import io.backdoorgrid.grid.Axis.Decimal;
import io.backdoorgrid.grid.Axis.Named;
import io.backdoorgrid.grid.Axis.Owner;
import io.backdoorgrid.grid.Axis.Whole;
import io.backdoorgrid.grid.Axis.Word;
import io.backdoorgrid.grid.Catalog.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The settings of a grid's cells, in the order of their columns in rows. A new setting takes one
 * constant here: reader, overrides, ids, plan, rows, tables and {@code list} iterate over this
 * list.
 *
 * @param all victims' first
 */
public record Axes(List<Axis> all) {
  static final Axis DATASET =
      Axis.of("dataset", Owner.VICTIM, new Named(Kind.DATASET, true)).inCaptions();
  static final Axis MODEL =
      Axis.of("model", Owner.VICTIM, new Named(Kind.MODEL, true)).inCaptions();
  static final Axis ATTACK =
      Axis.of("attack", Owner.VICTIM, new Named(Kind.ATTACK, true)).inCaptions();
  static final Axis POISON_RATE =
      Axis.of(
              "poison-rate",
              Owner.VICTIM,
              new Decimal(0.1, "must be between 0 and 1", rate -> rate >= 0 && rate <= 1))
          .unusedAs(0.0)
          .inCaptions();
  static final Axis TRAIN = Axis.of("train", Owner.VICTIM, new Named(Kind.TRAIN, false));
  static final Axis HELD_OUT =
      Axis.of(
          "held-out",
          Owner.VICTIM,
          new Decimal(0.05, "must be at least 0 and below 1", share -> share >= 0 && share < 1));
  static final Axis IMAGES =
      Axis.of(
              "images",
              Owner.VICTIM,
              new Whole(0, "must be a whole number, 0 for all images", count -> count >= 0))
          .zeroForAll();
  static final Axis PRECISION =
      Axis.of("precision", Owner.VICTIM, new Word(List.of("auto", "float32", "bfloat16")));
  static final Axis SEED =
      Axis.of("seed", Owner.VICTIM, new Whole(0, "must be a whole number", seed -> true));
  static final Axis DEFENSE =
      Axis.of("defense", Owner.TRIAL, new Named(Kind.DEFENSE, true))
          .writtenAs("defenses")
          .inCaptions();
  static final Axis EXTRACTOR =
      Axis.of("extractor", Owner.TRIAL, new Named(Kind.EXTRACTOR, false))
          .unusedAs(Spec.NONE)
          .addedLater()
          .inCaptions();
  public static final Axis CLEAN_RATIO =
      Axis.of(
              "clean-ratio",
              Owner.TRIAL,
              new Decimal(0.01, "must be between 0 and 1", ratio -> ratio >= 0 && ratio <= 1))
          .unusedAs(0.0)
          .inCaptions();

  /** Those of every grid. */
  public static final Axes STANDARD =
      new Axes(
          List.of(
              DATASET,
              MODEL,
              ATTACK,
              POISON_RATE,
              TRAIN,
              HELD_OUT,
              IMAGES,
              PRECISION,
              SEED,
              DEFENSE,
              EXTRACTOR,
              CLEAN_RATIO));

  public Axes {
    all = List.copyOf(all);
  }

  /** These and one more. */
  public Axes and(Axis more) {
    return new Axes(Stream.concat(all.stream(), Stream.of(more)).toList());
  }

  /** Those that belong to victims, or to trials. */
  public List<Axis> of(Owner owner) {
    return all.stream().filter(axis -> axis.owner() == owner).toList();
  }

  /** The axis of that name. */
  public Optional<Axis> find(String key) {
    return all.stream().filter(axis -> axis.key().equals(key)).findFirst();
  }

  /** The axis that a grid file writes under that key. */
  public Optional<Axis> written(String key) {
    return all.stream().filter(axis -> axis.written().equals(key)).findFirst();
  }

  /** The axis of a kind. */
  public Axis of(Kind kind) {
    return all.stream()
        .filter(axis -> axis.kind().filter(kind::equals).isPresent())
        .findFirst()
        .orElseThrow();
  }

  /** The keys under which a grid file writes what belongs to victims, or to trials. */
  public List<String> keys(Owner owner) {
    return of(owner).stream().map(Axis::written).toList();
  }

  List<String> names() {
    return all.stream().map(Axis::key).toList();
  }

  /**
   * What a person means by {@code axis}: a setting, or a hyperparameter by setting ({@code
   * attack.size}) or by algorithm ({@code badnets.size}).
   *
   * @return the same, with today's key in place of a former one
   * @throws IllegalArgumentException naming the nearest valid axis, if it means nothing
   */
  public static String meant(String axis, Catalog catalog) {
    List<String> settings = catalog.axes().names();
    if (settings.contains(axis) || !hyperparameters(axis, catalog).isEmpty()) {
      return axis;
    }
    Optional<String> current = renamed(axis, catalog);
    if (current.isPresent()) {
      return current.get();
    }
    Set<String> all = new LinkedHashSet<>(settings);
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
    List<String> listed = owner.isEmpty() || related.isEmpty() ? settings : related;
    throw new IllegalArgumentException(
        "unknown axis " + Names.quote(axis) + nearest + " (known: " + Names.list(listed) + ")");
  }

  /** The dotted {@code axis} with today's key, if it has a former one. */
  private static Optional<String> renamed(String axis, Catalog catalog) {
    int dot = axis.indexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    String key = axis.substring(dot + 1);
    return owned(axis.substring(0, dot), catalog).stream()
        .map(entry -> entry.currentKey(key))
        .filter(current -> !current.equals(key))
        .map(current -> axis.substring(0, dot + 1) + current)
        .findFirst();
  }

  /** The defaults of every hyperparameter of the catalog that the dotted {@code axis} means. */
  public static List<Object> hyperparameters(String axis, Catalog catalog) {
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

  /** The entries meant by a kind or a name before a dot. */
  public static List<Catalog.Entry> owned(String owner, Catalog catalog) {
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
}
