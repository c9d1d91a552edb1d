package io.backdoorgrid.run.task;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.run.victim.TrainedVictim;
import io.backdoorgrid.store.DamagedException;
import io.backdoorgrid.store.Digest;
import io.backdoorgrid.store.ObjectKind;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.StoredObject;
import io.backdoorgrid.store.row.Row;
import io.backdoorgrid.torch.SafeTensors;
import java.util.HashSet;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** The finished work of one trial in the store, which other trials may have done. */
final class StoredPhases {

  private static final String STATE = "state.safetensors";
  private static final String WHAT = "what";

  private final TrainedVictim victim;
  private final Store store;
  private final Unfinished unfinished;
  private final Set<String> counted = new HashSet<>();
  private double reusedSeconds;

  /**
   * @param unfinished what {@link #once} does about work that has not been done
   */
  StoredPhases(TrainedVictim victim, Store store, Unfinished unfinished) {
    this.victim = victim;
    this.store = store;
    this.unfinished = unfinished;
  }

  /** The seconds of the work that this trial found done. */
  double reusedSeconds() {
    return reusedSeconds;
  }

  /**
   * The result of a piece of work.
   *
   * @param scope on what it depends beside {@code what}
   */
  SafeTensors once(String scope, String what, Function<RandomGenerator, SafeTensors> work) {
    String id = Digest.brief(scope + " " + what);
    Optional<StoredObject> stored = store.object(ObjectKind.PHASE, id);
    if (stored.isPresent()) {
      victim.material().requireSameData(stored.get());
      try {
        SafeTensors state = SafeTensors.parse(stored.get().read(STATE));
        if (counted.add(id)) {
          reusedSeconds += ((Number) stored.get().description().get(Row.SECONDS)).doubleValue();
        }
        return state;
      } catch (DamagedException e) {
        // Done again, it takes the damaged one's place.
      }
    }
    if (unfinished == Unfinished.REFUSED) {
      throw new NoSuchElementException("has no " + what);
    }
    long start = System.nanoTime();
    SafeTensors state = work.apply(new Seed(id).stream("work"));
    double seconds = (System.nanoTime() - start) / 1e9;
    counted.add(id);
    if (unfinished == Unfinished.DONE) {
      return state;
    }
    Map<String, Object> description =
        Map.of(
            WHAT,
            what,
            Row.VICTIM,
            victim.victim().id().toString(),
            Row.DATA_DIGEST,
            victim.material().digest(),
            Row.SECONDS,
            seconds);
    boolean first =
        store.commitObject(ObjectKind.PHASE, id, Map.of(STATE, state.toBytes()), description);
    // Another attempt may have been faster: then what it made is what counts.
    return first ? state : once(scope, what, work);
  }
}
