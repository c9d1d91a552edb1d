package io.backdoorgrid.run.victim;

import io.backdoorgrid.attack.Attack;
import io.backdoorgrid.attack.Attacks;
import io.backdoorgrid.attack.Backdoor;
import io.backdoorgrid.attack.Poisoning;
import io.backdoorgrid.attack.VictimTraining;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.net.Pretrained;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.store.DamagedException;
import io.backdoorgrid.store.ObjectKind;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.StoreException;
import io.backdoorgrid.store.StoredObject;
import io.backdoorgrid.store.row.Row;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.Checkpoints;
import io.backdoorgrid.train.Recipes;
import io.backdoorgrid.train.TrainingListener;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A victim in memory, ready for trials.
 *
 * @param backdoor what was planted, if anything
 * @param poisoned the training set as a defense gets it
 * @param before how it behaves undefended
 * @param trainSeconds what its training took, wherever that was
 * @param trainThreads the cores it took
 */
public record TrainedVictim(
    Victim victim,
    Material material,
    Optional<Backdoor> backdoor,
    PoisonedSet poisoned,
    Classifier classifier,
    Evaluator evaluator,
    Measures before,
    double trainSeconds,
    int trainThreads)
    implements AutoCloseable {

  private static final String WEIGHTS = "weights.safetensors";
  private static final String TRIGGER = "trigger.safetensors";

  /** Loads the victim from the store, or trains it and commits it there. */
  public static TrainedVictim obtain(
      Victim victim,
      Material material,
      Environment environment,
      Store store,
      TrainingListener listener) {
    var checkpoints = new StoredCheckpoints(victim, material, environment, store);
    VictimTraining training = training(victim, material, environment, store, listener, checkpoints);
    try {
      Optional<TrainedVictim> stored = find(victim, material, training, store);
      if (stored.isPresent()) {
        return stored.get();
      }
    } catch (DamagedException e) {
      // Trained again, it takes the damaged one's place.
    }
    TrainedVictim trained = train(victim, material, training, checkpoints, environment, store);
    checkpoints.remove();
    return trained;
  }

  /**
   * Loads the victim if the store has it.
   *
   * @throws DamagedException if its files are not what was committed
   */
  public static Optional<TrainedVictim> find(
      Victim victim, Material material, Environment environment, Store store) {
    VictimTraining training =
        training(victim, material, environment, store, TrainingListener.NONE, Checkpoints.NONE);
    return find(victim, material, training, store);
  }

  private static VictimTraining training(
      Victim victim,
      Material material,
      Environment environment,
      Store store,
      TrainingListener listener,
      Checkpoints checkpoints) {
    return new VictimTraining(
        new CleanKnowledge(victim, material, environment, store, listener),
        victim.poisonRate(),
        Recipes.REGISTRY.create(victim.train()),
        material.seed(),
        listener,
        checkpoints);
  }

  private static Optional<TrainedVictim> find(
      Victim victim, Material material, VictimTraining training, Store store) {
    return VictimCache.find(store.uri(), victim.id(), () -> read(victim, material, store))
        .map(stored -> load(victim, material, training, stored));
  }

  private static Optional<StoredVictim> read(Victim victim, Material material, Store store) {
    return store
        .object(ObjectKind.VICTIM, victim.id().toString())
        .map(stored -> read(victim, material, stored));
  }

  private static StoredVictim read(Victim victim, Material material, StoredObject stored) {
    material.requireSameData(stored);
    Optional<Backdoor> backdoor =
        Attacks.REGISTRY
            .create(victim.attack())
            .readBackdoor(material.train().shape(), () -> SafeTensors.parse(stored.read(TRIGGER)));
    return new StoredVictim(
        SafeTensors.parse(stored.read(WEIGHTS)),
        backdoor,
        evaluator(material, backdoor),
        Measures.of(stored.description()),
        ((Number) stored.description().get(Row.TRAIN_SECONDS)).doubleValue(),
        ((Number) stored.description().get(Row.THREADS)).intValue());
  }

  private static TrainedVictim load(
      Victim victim, Material material, VictimTraining training, StoredVictim stored) {
    return new TrainedVictim(
        victim,
        material,
        stored.backdoor(),
        new PoisonedSet(training, stored.backdoor()),
        Classifier.load(material.design(), stored.weights()),
        stored.evaluator(),
        stored.before(),
        stored.trainSeconds(),
        stored.trainThreads());
  }

  /** With the same images whenever it is asked for. */
  private static Evaluator evaluator(Material material, Optional<Backdoor> backdoor) {
    LabeledImages test = material.test();
    return new Evaluator(
        test,
        backdoor.map(planted -> planted.trigger(test)),
        backdoor.flatMap(planted -> planted.crossTriggered(test, material.seed().stream("cross"))));
  }

  private static TrainedVictim train(
      Victim victim,
      Material material,
      VictimTraining training,
      StoredCheckpoints checkpoints,
      Environment environment,
      Store store) {
    Optional<Pretrained> pretrained = material.design().architecture().pretrained();
    Classifier classifier =
        pretrained
            .map(given -> Classifier.load(material.design(), given.givenWeights()))
            .orElseGet(
                () -> Classifier.create(material.design(), material.seed().stream("weights")));
    try {
      long start = System.nanoTime();
      Attack attack = Attacks.REGISTRY.create(victim.attack());
      Optional<Backdoor> backdoor =
          pretrained.isPresent()
              ? attack.rehearse(training, classifier::copy)
              : attack.plant(classifier, training);
      double seconds = checkpoints.secondsBefore() + (System.nanoTime() - start) / 1e9;
      Evaluator evaluator = evaluator(material, backdoor);
      var trained =
          new TrainedVictim(
              victim,
              material,
              backdoor,
              new PoisonedSet(training, backdoor),
              classifier,
              evaluator,
              evaluator.measure(classifier),
              seconds,
              environment.threads());
      if (trained.commit(environment, store)) {
        return trained;
      }
    } catch (RuntimeException | Error e) {
      classifier.close();
      throw e;
    }
    // Another attempt was faster, perhaps on another kind of machine: its network is the victim.
    classifier.close();
    return find(victim, material, training, store)
        .orElseThrow(() -> new StoreException("victim %s is gone".formatted(victim.id()), true));
  }

  /** How many of the training images were poisoned; empty without a backdoor. */
  public OptionalInt poisonedImages() {
    return backdoor.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(
            Poisoning.count(
                material.victimLabels(), backdoor.get().attack().goal(), victim.poisonRate()));
  }

  /** The training set as a defense gets it, made once for all trials of a task. */
  public Poisoning poisoning() {
    return poisoned.get();
  }

  private boolean commit(Environment environment, Store store) {
    var files = new LinkedHashMap<String, byte[]>();
    files.put(WEIGHTS, classifier.weights().toBytes());
    backdoor.ifPresent(b -> files.put(TRIGGER, b.trigger().toTensors().toBytes()));
    Map<String, Object> description = Descriptions.of(victim);
    description.putAll(Descriptions.surroundings(material.design(), environment));
    description.put(Row.DATA_DIGEST, material.digest());
    before.describe(description);
    description.put(Row.TRAIN_SECONDS, trainSeconds);
    return store.commitObject(ObjectKind.VICTIM, victim.id().toString(), files, description);
  }

  @Override
  public void close() {
    classifier.close();
  }
}
