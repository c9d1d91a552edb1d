package io.backdoorgrid.run.victim;

import io.backdoorgrid.attack.Attacks;
import io.backdoorgrid.attack.NoAttack;
import io.backdoorgrid.data.set.DataSets;
import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.model.Models;
import io.backdoorgrid.store.row.Row;
import java.util.Map;
import java.util.Optional;

/** Victims without a backdoor that stand in for others: trained alike, on clean images. */
public final class CleanVictims {

  private CleanVictims() {}

  /** Of the same data set. */
  static Victim like(Victim victim) {
    return like(victim, victim.dataset());
  }

  /** Of the data set of that name, with its defaults. */
  static Victim like(Victim victim, String dataset) {
    return like(victim, defaults(DataSets.REGISTRY.entry(dataset)));
  }

  private static Victim like(Victim victim, Spec dataset) {
    return victim.with(
        Map.of(
            Row.DATASET,
            dataset,
            Row.MODEL,
            trainable(victim.model()),
            Row.ATTACK,
            defaults(Attacks.REGISTRY.entry(NoAttack.NAME)),
            Row.POISON_RATE,
            0.0));
  }

  /** The same network with weights of its own; a network from a file may have a backdoor. */
  private static Spec trainable(Spec model) {
    return Models.REGISTRY
        .create(model)
        .pretrained()
        .map(
            given -> {
              Catalog.Entry entry = Models.REGISTRY.entry(given.architecture());
              return entry.spec(entry.complete(Map.of("width", given.width())));
            })
        .orElse(model);
  }

  private static Spec defaults(Catalog.Entry entry) {
    return entry.spec(entry.complete(Map.of()));
  }

  /** What the victim's attack needs before the victim can be trained. */
  public static Optional<Victim> surrogate(Victim victim) {
    return Attacks.REGISTRY.create(victim.attack()).usesSurrogate()
        ? Optional.of(like(victim))
        : Optional.empty();
  }
}
