package io.backdoorgrid.run.victim;

import io.backdoorgrid.attack.Backdoor;
import io.backdoorgrid.attack.Knowledge;
import io.backdoorgrid.attack.Poisoning;
import io.backdoorgrid.grid.Victim;
import java.util.Optional;

/**
 * The poisoned training set of a victim. It is made when it is first asked for, since most trials
 * need none and some attacks take minutes to make one, and then kept as long as the victim.
 */
public final class PoisonedSet {

  private final Victim victim;
  private final Material material;
  private final Knowledge knowledge;
  private final Optional<Backdoor> backdoor;
  private Poisoning made; // null until it is asked for

  /**
   * @param knowledge what the attacker had
   * @param backdoor what was planted; without one the set is clean
   */
  PoisonedSet(Victim victim, Material material, Knowledge knowledge, Optional<Backdoor> backdoor) {
    this.victim = victim;
    this.material = material;
    this.knowledge = knowledge;
    this.backdoor = backdoor;
  }

  /** The same whenever it is asked for; not to be changed. */
  synchronized Poisoning get() {
    if (made == null) {
      made =
          backdoor
              .map(planted -> VictimTraining.poisoning(victim, material, knowledge, planted))
              .orElseGet(() -> new Poisoning(material.victimImages(), new int[0]));
    }
    return made;
  }
}
