package io.backdoorgrid.run.task;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Poisoning;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.defense.UntrustedTraining;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.FeatureExtractor;
import io.backdoorgrid.model.Predictor;
import io.backdoorgrid.run.victim.Evaluator;
import io.backdoorgrid.run.victim.Material;
import io.backdoorgrid.run.victim.PretrainedExtractor;
import io.backdoorgrid.run.victim.TrainedVictim;
import io.backdoorgrid.store.DamagedException;
import io.backdoorgrid.store.ObjectKind;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.StoredObject;
import io.backdoorgrid.store.row.Row;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.TrainingListener;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** A victim's training set and an extractor, with the store to remember what was done. */
public final class StoredTraining implements UntrustedTraining {

  private static final String STATE = "state.safetensors";
  private static final String WHAT = "what";

  private final Trial trial;
  private final Material material;
  private final Poisoning poisoning;
  private final Evaluator evaluator;
  private final Classifier extractor;
  private final Store store;
  private final RunningNote note;
  private final boolean readOnly;
  private final Map<String, Object> observations = new LinkedHashMap<>();
  private double reusedSeconds;
  private double observingSeconds;

  /**
   * @param extractor copied wherever it is asked for
   * @param readOnly whether {@link #once} fails with {@link NoSuchElementException} instead of
   *     doing what has not been done
   */
  public StoredTraining(
      Trial trial,
      TrainedVictim victim,
      Classifier extractor,
      Store store,
      RunningNote note,
      boolean readOnly) {
    this.trial = trial;
    this.material = victim.material();
    this.poisoning = victim.poisoning();
    this.evaluator = victim.evaluator();
    this.extractor = extractor;
    this.store = store;
    this.note = note;
    this.readOnly = readOnly;
  }

  /** What was found done had taken, less what only the evaluator needed. */
  double secondsToAdd() {
    return reusedSeconds - observingSeconds;
  }

  /** What the evaluator saw of each iteration, as columns of a row. */
  Map<String, Object> observations() {
    return observations;
  }

  @Override
  public LabeledImages images() {
    return poisoning.images();
  }

  @Override
  public FeatureExtractor features() {
    return extractor.copy();
  }

  @Override
  public Classifier network() {
    return extractor.copy();
  }

  @Override
  public SafeTensors once(String what, Function<RandomGenerator, SafeTensors> work) {
    String id =
        PretrainedExtractor.id(
            "%s %s %d %s"
                .formatted(
                    trial.victim().id(), trial.extractor(), trial.defense().version(), what));
    Optional<StoredObject> stored = store.object(ObjectKind.PHASE, id);
    if (stored.isPresent()) {
      material.requireSameData(stored.get());
      try {
        SafeTensors state = SafeTensors.parse(stored.get().read(STATE));
        reusedSeconds += ((Number) stored.get().description().get(Row.SECONDS)).doubleValue();
        return state;
      } catch (DamagedException e) {
        // Done again, it takes the damaged one's place.
      }
    }
    if (readOnly) {
      throw new NoSuchElementException("has no " + what);
    }
    long start = System.nanoTime();
    SafeTensors state = work.apply(new Seed(id).stream("work"));
    double seconds = (System.nanoTime() - start) / 1e9;
    boolean first =
        store.commitObject(
            ObjectKind.PHASE,
            id,
            Map.of(STATE, state.toBytes()),
            Map.of(
                WHAT,
                what,
                Row.VICTIM,
                trial.victim().id().toString(),
                Row.DATA_DIGEST,
                material.digest(),
                Row.SECONDS,
                seconds));
    // Another attempt may have been faster: then what it made is what counts.
    return first ? state : once(what, work);
  }

  @Override
  public TrainingListener progress(String what) {
    return note.progress(what);
  }

  @Override
  public void observe(int iteration, Predictor predictor, boolean[] trusted) {
    long start = System.nanoTime();
    String id = PretrainedExtractor.id("%s iteration %d".formatted(trial.id(), iteration));
    Map<String, Object> seen =
        store
            .object(ObjectKind.PHASE, id)
            .map(StoredObject::description)
            .orElseGet(() -> measured(predictor, trusted));
    store.commitObject(ObjectKind.PHASE, id, Map.of(), seen);
    seen.forEach(
        (name, value) -> observations.put("iteration-%d.%s".formatted(iteration, name), value));
    observingSeconds += (System.nanoTime() - start) / 1e9;
  }

  private Map<String, Object> measured(Predictor predictor, boolean[] trusted) {
    var seen = new LinkedHashMap<String, Object>();
    int count = 0;
    for (boolean one : trusted) {
      count += one ? 1 : 0;
    }
    int poisoned = 0;
    for (int i : poisoning.poisoned()) {
      poisoned += trusted[i] ? 1 : 0;
    }
    seen.put("trusted", count);
    seen.put("trusted-poisoned", poisoned);
    evaluator.measure(predictor).describe(seen);
    return seen;
  }
}
