package io.backdoorgrid.grid;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Victims and trials with ids of a test's choice. */
public final class HandmadeCells {
  private HandmadeCells() {}

  public static Victim victim(
      VictimId id,
      Spec dataset,
      Spec model,
      Spec attack,
      double poisonRate,
      Spec train,
      double heldOut,
      long images,
      String precision,
      long seed) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("dataset", dataset);
    settings.put("model", model);
    settings.put("attack", attack);
    settings.put("poison-rate", poisonRate);
    settings.put("train", train);
    settings.put("held-out", heldOut);
    settings.put("images", images);
    settings.put("precision", precision);
    settings.put("seed", seed);
    return new Victim(id, complete(Axis.Owner.VICTIM, settings));
  }

  /** With the defaults of what is not given, which identities leave out. */
  private static Settings complete(Axis.Owner owner, Map<String, Object> given) {
    Map<String, Object> settings = new LinkedHashMap<>(given);
    Set<String> unnamed = new HashSet<>();
    for (Axis axis : Axes.STANDARD.of(owner)) {
      if (!given.containsKey(axis.key())) {
        settings.put(axis.key(), ((Axis.Plain) axis.domain()).standard());
        unnamed.add(axis.key());
      }
    }
    return new Settings(settings, unnamed);
  }

  public static Trial trial(
      TrialId id, Victim victim, Spec defense, Spec extractor, double cleanRatio) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("defense", defense);
    settings.put("extractor", extractor);
    settings.put("clean-ratio", cleanRatio);
    Settings complete = complete(Axis.Owner.TRIAL, settings);
    var unnamed = new HashSet<>(complete.unnamed());
    if (extractor.equals(Spec.NONE)) {
      unnamed.add("extractor");
    }
    return new Trial(id, victim, new Settings(complete.values(), unnamed));
  }
}
