package io.backdoorgrid.defense;

import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.TrainingListener;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** What every defense has at hand, whatever its threat model grants beside. */
public interface Workspace {

  /**
   * A source of random numbers that depends on the trial and {@code purpose} alone; the same
   * numbers again each time.
   */
  RandomGenerator random(String purpose);

  /**
   * The result of a piece of work that is done once for a victim, kept in the store, and found
   * there by the other trials of a sweep, and by this one after it was killed. A trial's seconds
   * include what was found, as if it had run alone.
   *
   * <p>The result must not depend on the trial: work draws its numbers from the generator that it
   * is given, and reports no findings, since it is not done again when it is found.
   *
   * @param what names the work by everything that its result depends on beside the victim and the
   *     data that the threat model grants
   * @param work gets a source of random numbers that depends on the victim and {@code what}
   */
  SafeTensors once(String what, Function<RandomGenerator, SafeTensors> work);

  /** Shows whoever watches how far a training is that is part of this defense. */
  TrainingListener progress(String what);

  /** Takes what the defense learns besides the repaired model. */
  Findings findings();
}
