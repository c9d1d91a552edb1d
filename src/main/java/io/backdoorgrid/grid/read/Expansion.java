package io.backdoorgrid.grid.read;

import io.backdoorgrid.grid.Axes;
import io.backdoorgrid.grid.Axis;
import io.backdoorgrid.grid.Axis.Owner;
import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.Identity;
import io.backdoorgrid.grid.Identity.Treatment;
import io.backdoorgrid.grid.Settings;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.Values;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.grid.read.Variants.Variant;
import io.backdoorgrid.grid.yaml.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The cells of a grid: every victim with every defense, each once.
 *
 * <p>Victims vary by their keys in the order of the file, the first slowest; then come the axes of
 * trials. A setting that no algorithm of a cell uses has its {@linkplain Axis#unused unused} value
 * there; cells that become equal by this count once.
 */
final class Expansion {
  /** Bounds the driver's memory, whatever a grid file says. */
  static final long MAX_CELLS = 5_000_000;

  /**
   * A treatment of any victim.
   *
   * @param ratio where the clean ratio was given, for messages
   */
  private record Placed(Treatment treatment, Place ratio) {}

  private final Draft draft;
  private final Catalog catalog;
  private final Map<Axis, List<?>> values = new HashMap<>();
  private final Identity identity = new Identity();
  private final LongSet seen = new LongSet();
  private final List<Trial> trials = new ArrayList<>();
  private final Set<Exclusion> unused;
  private long duplicates;
  private long excluded;

  Expansion(Draft draft, Catalog catalog, Place file) {
    this.draft = draft;
    this.catalog = catalog;
    this.unused = new LinkedHashSet<>(draft.exclusions);
    for (Axis axis : catalog.axes().all()) {
      values.put(
          axis,
          axis.kind().isPresent()
              ? new Variants(catalog).of(axis.kind().get(), draft.choices(axis))
              : draft.values(axis));
    }
    List<Axis> ofVictims = draft.victimOrder();
    List<Axis> ofTrials = catalog.axes().of(Owner.TRIAL);
    List<List<?>> all = new ArrayList<>();
    ofVictims.forEach(axis -> all.add(values.get(axis)));
    ofTrials.forEach(axis -> all.add(values.get(axis)));
    if (Product.size(all) > MAX_CELLS) {
      throw file.error(
          "the grid has more than " + MAX_CELLS + " cells (" + Product.size(all) + "); split it");
    }
    List<Placed> treatments = treatments(ofTrials);
    Product.forEach(
        all.subList(0, ofVictims.size()),
        at -> expand(identity.victim(settings(Owner.VICTIM, ofVictims, at)), treatments));
  }

  List<Trial> trials() {
    return Collections.unmodifiableList(trials);
  }

  long duplicates() {
    return duplicates;
  }

  long excluded() {
    return excluded;
  }

  /** The exclusions that no cell matches. */
  Set<Exclusion> unused() {
    return unused;
  }

  private List<Placed> treatments(List<Axis> axes) {
    List<Placed> treatments = new ArrayList<>();
    int ratio = axes.indexOf(Axes.CLEAN_RATIO);
    Product.forEach(
        axes.stream().<List<?>>map(values::get).toList(),
        at ->
            treatments.add(
                new Placed(
                    identity.treatment(settings(Owner.TRIAL, axes, at)),
                    draft.values(Axes.CLEAN_RATIO).get(at[ratio]).place())));
    return treatments;
  }

  /**
   * The settings of one combination.
   *
   * @param order of the axes in {@code at}
   * @param at the position of each value among those of its axis
   */
  private Settings settings(Owner owner, List<Axis> order, int[] at) {
    Set<String> uses = new HashSet<>();
    for (int i = 0; i < at.length; i++) {
      if (order.get(i).unused().isEmpty()
          && values.get(order.get(i)).get(at[i]) instanceof Variant variant) {
        uses.addAll(variant.uses());
      }
    }
    Map<String, Object> settings = new LinkedHashMap<>();
    Set<String> unnamed = new HashSet<>();
    for (Axis axis : catalog.axes().of(owner)) {
      Object given = values.get(axis).get(at[order.indexOf(axis)]);
      boolean counts = axis.unused().isEmpty() || uses.contains(axis.key());
      Object value = counts ? value(given) : axis.unused().get();
      settings.put(axis.key(), value);
      if (axis.isUnnamed(value)) {
        unnamed.add(axis.key());
      }
    }
    return new Settings(settings, unnamed);
  }

  private static Object value(Object given) {
    return given instanceof Variant variant ? variant.spec() : ((PlainValue) given).value();
  }

  private void expand(Victim victim, List<Placed> treatments) {
    for (Placed placed : treatments) {
      Trial trial = identity.trial(placed.treatment(), victim);
      if (isExcluded(trial)) {
        excluded++;
      } else if (!seen.add(trial.id().bits())) {
        duplicates++;
      } else {
        requireHeldOut(trial, placed.ratio());
        trials.add(trial);
      }
    }
  }

  private boolean isExcluded(Trial trial) {
    boolean excluded = false;
    for (Exclusion exclusion : draft.exclusions) {
      // One that another exclusion has made superfluous is not unused.
      if ((!excluded || unused.contains(exclusion)) && exclusion.matches(trial)) {
        excluded = true;
        unused.remove(exclusion);
      }
    }
    return excluded;
  }

  private static void requireHeldOut(Trial trial, Place ratio) {
    if (trial.cleanRatio() > trial.victim().heldOut()) {
      throw ratio.error(
          "clean-ratio "
              + Values.text(trial.cleanRatio())
              + " is larger than held-out "
              + Values.text(trial.victim().heldOut())
              + ": defense '"
              + trial.defense().name()
              + "' would see images that the victim was trained on");
    }
  }
}
