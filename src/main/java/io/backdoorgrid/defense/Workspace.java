package io.backdoorgrid.defense;

import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.TrainingListener;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** The tools of every defense, whatever its threat model grants. */
public interface Workspace {

  /**
   * A source of random numbers that depends on the trial and {@code purpose} alone; it gives the
   * same numbers on every call.
   */
  RandomGenerator random(String purpose);

  /**
   * The result of work that is done once for a victim and stored. The other trials of a sweep find
   * it there, and so does this trial after it was killed. A trial's seconds include the time that
   * the stored work took, as if the trial had run alone.
   *
   * <p>The result must not depend on the trial: the work takes random numbers only from the
   * generator that it receives, and reports no findings, since it is not repeated when its result
   * is found.
   *
   * @param what names the work by everything on which its result depends besides the victim and the
   *     data that the threat model grants
   * @param work receives a source of random numbers that depends on the victim and {@code what}
   */
  SafeTensors once(String what, Function<RandomGenerator, SafeTensors> work);

  /** Reports the progress of a training that is part of this defense. */
  TrainingListener progress(String what);

  /** Collects what the defense learns besides the repaired model. */
  Findings findings();
}
