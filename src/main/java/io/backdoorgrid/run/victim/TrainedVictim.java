package io.backdoorgrid.run.victim;

import io.backdoorgrid.attack.Attacks;
import io.backdoorgrid.attack.Backdoor;
import io.backdoorgrid.attack.BackdoorAttack;
import io.backdoorgrid.attack.Knowledge;
import io.backdoorgrid.attack.Poisoning;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.store.DamagedException;
import io.backdoorgrid.store.ObjectKind;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.StoreException;
import io.backdoorgrid.store.StoredObject;
import io.backdoorgrid.store.row.Row;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.TrainingListener;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

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
    var knowledge = new CleanKnowledge(victim, material, environment, store, listener);
    try {
      Optional<TrainedVictim> stored = find(victim, material, knowledge, store);
      if (stored.isPresent()) {
        return stored.get();
      }
    } catch (DamagedException e) {
      // Trained again, it takes the damaged one's place.
    }
    return train(victim, material, knowledge, environment, store, listener);
  }

  /**
   * Loads the victim if the store has it.
   *
   * @throws DamagedException if its files are not what was committed
   */
  public static Optional<TrainedVictim> find(
      Victim victim, Material material, Environment environment, Store store) {
    var knowledge = new CleanKnowledge(victim, material, environment, store, TrainingListener.NONE);
    return find(victim, material, knowledge, store);
  }

  private static Optional<TrainedVictim> find(
      Victim victim, Material material, Knowledge knowledge, Store store) {
    return VictimCache.find(store.uri(), victim.id(), () -> read(victim, material, store))
        .map(stored -> load(victim, material, knowledge, stored));
  }

  private static Optional<StoredVictim> read(Victim victim, Material material, Store store) {
    return store
        .object(ObjectKind.VICTIM, victim.id().toString())
        .map(stored -> read(victim, material, stored));
  }

  private static StoredVictim read(Victim victim, Material material, StoredObject stored) {
    material.requireSameData(stored);
    Optional<SafeTensors> trigger = attack(victim).map(attack -> parse(stored.read(TRIGGER)));
    return new StoredVictim(
        parse(stored.read(WEIGHTS)),
        trigger,
        evaluator(victim, material, backdoor(victim, material, trigger)),
        Measures.of(stored.description()),
        ((Number) stored.description().get(Row.TRAIN_SECONDS)).doubleValue(),
        ((Number) stored.description().get(Row.THREADS)).intValue());
  }

  private static Optional<Backdoor> backdoor(
      Victim victim, Material material, Optional<SafeTensors> trigger) {
    return attack(victim)
        .flatMap(
            attack ->
                trigger.map(
                    tensors ->
                        new Backdoor(
                            attack.readTrigger(material.train().shape(), tensors), attack.goal())));
  }

  private static TrainedVictim load(
      Victim victim, Material material, Knowledge knowledge, StoredVictim stored) {
    Optional<Backdoor> backdoor = backdoor(victim, material, stored.trigger());
    return new TrainedVictim(
        victim,
        material,
        backdoor,
        new PoisonedSet(victim, material, knowledge, backdoor),
        Classifier.load(material.design(), stored.weights()),
        stored.evaluator(),
        stored.before(),
        stored.trainSeconds(),
        stored.trainThreads());
  }

  /** With the same images whenever it is asked for. */
  private static Evaluator evaluator(
      Victim victim, Material material, Optional<Backdoor> backdoor) {
    LabeledImages test = material.test();
    return new Evaluator(
        test,
        backdoor.map(planted -> planted.trigger(test)),
        backdoor.flatMap(
            planted ->
                attack(victim)
                    .flatMap(
                        attack ->
                            attack.crossTriggered(
                                test, planted.trigger(), material.seed().stream("cross")))));
  }

  private static SafeTensors parse(byte[] file) {
    return SafeTensors.parse(file);
  }

  private static TrainedVictim train(
      Victim victim,
      Material material,
      Knowledge knowledge,
      Environment environment,
      Store store,
      TrainingListener listener) {
    Classifier classifier = Classifier.create(material.design(), material.seed().stream("weights"));
    try {
      var planting = new VictimTraining(victim, material, knowledge, listener);
      long start = System.nanoTime();
      Optional<Backdoor> backdoor = planting.into(classifier);
      double seconds = (System.nanoTime() - start) / 1e9;
      Evaluator evaluator = evaluator(victim, material, backdoor);
      var trained =
          new TrainedVictim(
              victim,
              material,
              backdoor,
              new PoisonedSet(victim, material, knowledge, backdoor),
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
    return find(victim, material, knowledge, store)
        .orElseThrow(() -> new StoreException("victim %s is gone".formatted(victim.id()), true));
  }

  /** The training set as a defense gets it, made once for all trials of a task. */
  public Poisoning poisoning() {
    return poisoned.get();
  }

  private static Optional<BackdoorAttack> attack(Victim victim) {
    return Attacks.REGISTRY.create(victim.attack()) instanceof BackdoorAttack attack
        ? Optional.of(attack)
        : Optional.empty();
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
