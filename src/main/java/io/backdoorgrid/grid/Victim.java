package io.backdoorgrid.grid;

import java.io.Serializable;

/**
 * A backdoored model to be trained: every field that changes its weights.
 *
 * @param id identity over all the other fields
 * @param poisonRate share of the training images that are poisoned, 0 to 1; 0 where the attack
 *     poisons nothing
 * @param heldOut share of the training images kept away from the victim for clean-data defenses, 0
 *     to below 1
 * @param images how many training images are used before the hold-out, 0 for all
 * @param precision {@code auto}, {@code float32} or {@code bfloat16}
 * @param seed the repetition; different seeds give independent victims
 */
public record Victim(
    VictimId id,
    Spec dataset,
    Spec model,
    Spec attack,
    double poisonRate,
    Spec train,
    double heldOut,
    long images,
    String precision,
    long seed)
    implements Serializable {

  /** The victim that differs in data set and attack alone. */
  public Victim with(Spec otherDataset, Spec otherAttack, double otherPoisonRate) {
    return new Identity()
        .identify(
            new Victim(
                null,
                otherDataset,
                model,
                otherAttack,
                otherPoisonRate,
                train,
                heldOut,
                images,
                precision,
                seed));
  }
}
