package io.backdoorgrid.grid;

import io.backdoorgrid.grid.Catalog.Kind;
import io.backdoorgrid.grid.Variants.Variant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The cells of a grid: every victim with every defense, each once.
 *
 * <p>Victims vary by their keys in the order of the file, the first slowest; then come the
 * defenses, the extractors and the clean ratios. A setting that an algorithm does not use is 0 or
 * {@link Spec#NONE} in its cells, and cells that become equal thereby count once.
 */
final class Expansion {
  /** A bound on what a grid file can ask of the driver's memory. */
  static final long MAX_CELLS = 5_000_000;

  /**
   * @param ratio as given, for messages
   * @param hashed see {@link Identity#treatment}
   */
  private record Treatment(
      Spec defense, Spec extractor, double cleanRatio, Setting.Value ratio, byte[] hashed) {}

  private final Settings settings;
  private final Map<Kind, List<Variant>> variants = new EnumMap<>(Kind.class);
  private final List<String> order;
  private final Identity identity = new Identity();
  private final LongSet seen = new LongSet();
  private final List<Trial> trials = new ArrayList<>();
  private long duplicates;
  private long excluded;

  Expansion(Settings settings, Catalog catalog, Place file) {
    this.settings = settings;
    this.order = List.copyOf(settings.victimOrder);
    for (Kind kind : Kind.values()) {
      variants.put(kind, new Variants(catalog).of(kind, settings.choices.get(kind)));
    }
    List<List<?>> axes = new ArrayList<>();
    order.forEach(key -> axes.add(axis(key)));
    List<List<?>> all = new ArrayList<>(axes);
    all.add(axis("defenses"));
    all.add(axis("extractor"));
    all.add(axis("clean-ratio"));
    if (Product.size(all) > MAX_CELLS) {
      throw file.error(
          "the grid has more than " + MAX_CELLS + " cells (" + Product.size(all) + "); split it");
    }
    List<Treatment> treatments = treatments();
    Product.forEach(axes, at -> expand(victim(at), treatments));
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

  private List<Treatment> treatments() {
    List<Treatment> treatments = new ArrayList<>();
    for (Variant defense : variants.get(Kind.DEFENSE)) {
      for (Variant extractor : variants.get(Kind.EXTRACTOR)) {
        Spec start = defense.uses().contains("extractor") ? extractor.spec() : Spec.NONE;
        for (Setting.Value ratio : settings.values.get(Setting.CLEAN_RATIO)) {
          double used = defense.uses().contains("clean-ratio") ? (Double) ratio.value() : 0;
          byte[] hashed = identity.treatment(defense.spec(), start, used);
          treatments.add(new Treatment(defense.spec(), start, used, ratio, hashed));
        }
      }
    }
    return treatments;
  }

  private void expand(Victim victim, List<Treatment> treatments) {
    for (Treatment treatment : treatments) {
      TrialId id = identity.trial(treatment.hashed(), victim.id());
      Trial trial =
          new Trial(id, victim, treatment.defense(), treatment.extractor(), treatment.cleanRatio());
      if (isExcluded(trial)) {
        excluded++;
      } else if (!seen.add(id.bits())) {
        duplicates++;
      } else {
        requireHeldOut(trial, treatment.ratio().place());
        trials.add(trial);
      }
    }
  }

  private boolean isExcluded(Trial trial) {
    for (Exclusion exclusion : settings.exclusions) {
      if (exclusion.matches(trial)) {
        return true;
      }
    }
    return false;
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

  private Victim victim(int[] at) {
    Variant attack = variant(Kind.ATTACK, at);
    boolean poisons = attack.uses().contains("poison-rate");
    return identity.identify(
        new Victim(
            null,
            variant(Kind.DATASET, at).spec(),
            variant(Kind.MODEL, at).spec(),
            attack.spec(),
            poisons ? (Double) value(Setting.POISON_RATE, at) : 0,
            variant(Kind.TRAIN, at).spec(),
            (Double) value(Setting.HELD_OUT, at),
            (Long) value(Setting.IMAGES, at),
            (String) value(Setting.PRECISION, at),
            (Long) value(Setting.SEED, at)));
  }

  private Variant variant(Kind kind, int[] at) {
    return variants.get(kind).get(at[order.indexOf(kind.key())]);
  }

  private Object value(Setting setting, int[] at) {
    return settings.values.get(setting).get(at[order.indexOf(setting.key())]).value();
  }

  private List<?> axis(String key) {
    for (Kind kind : Kind.values()) {
      if (key.equals(Settings.key(kind))) {
        return variants.get(kind);
      }
    }
    return settings.values.get(Setting.of(key).orElseThrow());
  }
}
