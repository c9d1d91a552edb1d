package io.backdoorgrid.run.victim;

import io.backdoorgrid.attack.Backdoor;
import io.backdoorgrid.attack.Poisoning;
import io.backdoorgrid.attack.VictimTraining;
import java.util.Optional;

/**
 * The poisoned training set of a victim. It is made when it is first asked for, since most trials
 * need none and some attacks take minutes to make one, and then kept as long as the victim.
 */
public final class PoisonedSet {

  private final VictimTraining training;
  private final Optional<Backdoor> backdoor;
  private Poisoning made; // null until it is asked for

  /**
   * @param training by which the victim was made
   * @param backdoor what was planted; without one the set is clean
   */
  PoisonedSet(VictimTraining training, Optional<Backdoor> backdoor) {
    this.training = training;
    this.backdoor = backdoor;
  }

  /** The same whenever it is asked for; not to be changed. */
  synchronized Poisoning get() {
    if (made == null) {
      made =
          backdoor
              .map(planted -> planted.poisoning(training))
              .orElseGet(() -> new Poisoning(training.knowledge().images(), new int[0]));
    }
    return made;
  }
}
