package io.backdoorgrid.grid;

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
    return new Victim(id, new Settings(settings));
  }

  public static Trial trial(
      TrialId id, Victim victim, Spec defense, Spec extractor, double cleanRatio) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("defense", defense);
    settings.put("extractor", extractor);
    settings.put("clean-ratio", cleanRatio);
    Set<String> unnamed = extractor.equals(Spec.NONE) ? Set.of("extractor") : Set.of();
    return new Trial(id, victim, new Settings(settings, unnamed));
  }
}
