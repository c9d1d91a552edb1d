package io.backdoorgrid.run;

import io.backdoorgrid.attack.Attack;
import io.backdoorgrid.attack.Attacks;
import io.backdoorgrid.attack.Backdoor;
import io.backdoorgrid.attack.NoAttack;
import io.backdoorgrid.attack.Poisoning;
import io.backdoorgrid.attack.PoisoningAttack;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.data.BadDataException;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.store.DamagedException;
import io.backdoorgrid.store.Row;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.StoredVictim;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.Recipes;
import io.backdoorgrid.train.Trainer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A victim in memory, ready for trials.
 *
 * @param before how it behaves undefended
 * @param trainSeconds what its training took, wherever that was
 * @param trainThreads the cores it took
 */
record TrainedVictim(
    Material material,
    Classifier classifier,
    Evaluator evaluator,
    Metrics before,
    double trainSeconds,
    int trainThreads)
    implements AutoCloseable {

  private static final String WEIGHTS = "weights.safetensors";
  private static final String TRIGGER = "trigger.safetensors";

  /** Loads the victim from the store, or trains it and commits it there. */
  static TrainedVictim obtain(
      Victim victim,
      Material material,
      Environment environment,
      Store store,
      Trainer.Progress progress) {
    Optional<StoredVictim> stored = store.victim(victim.id().toString());
    if (stored.isPresent()) {
      try {
        return load(victim, material, stored.get());
      } catch (DamagedException e) {
        // Trained again, it takes the damaged one's place.
      }
    }
    return train(victim, material, environment, store, progress);
  }

  private static TrainedVictim load(Victim victim, Material material, StoredVictim stored) {
    requireSameData(material, stored);
    Optional<Backdoor> backdoor =
        backdoor(
            victim, attack -> Trigger.of(material.train().shape(), parse(stored.read(TRIGGER))));
    return new TrainedVictim(
        material,
        Classifier.load(material.design(), parse(stored.read(WEIGHTS))),
        Evaluator.of(material.test(), backdoor),
        Metrics.of(stored.description()),
        ((Number) stored.description().get(Row.TRAIN_SECONDS)).doubleValue(),
        ((Number) stored.description().get(Row.THREADS)).intValue());
  }

  private static void requireSameData(Material material, StoredVictim stored) {
    Object digest = stored.description().get(Row.DATA_DIGEST);
    if (!material.digest().equals(digest)) {
      throw new BadDataException(
          "victim %s was trained on other data (digest %s) than is there now (%s)"
              .formatted(stored.id(), digest, material.digest()));
    }
  }

  private static SafeTensors parse(byte[] file) {
    return SafeTensors.parse(file);
  }

  private static TrainedVictim train(
      Victim victim,
      Material material,
      Environment environment,
      Store store,
      Trainer.Progress progress) {
    LabeledImages images = material.victimImages();
    Optional<Backdoor> backdoor =
        backdoor(
            victim, attack -> attack.trigger(images.shape(), material.seed().stream("trigger")));
    LabeledImages poisoned =
        backdoor
            .map(
                b ->
                    Poisoning.of(
                        images,
                        b.trigger(),
                        b.goal(),
                        victim.poisonRate(),
                        material.seed().stream("poison")))
            .map(Poisoning::images)
            .orElse(images);

    Classifier classifier = Classifier.create(material.design(), material.seed().stream("weights"));
    try {
      long start = System.nanoTime();
      new Trainer(Recipes.REGISTRY.create(victim.train()), progress)
          .train(classifier, poisoned, material.seed().stream("training"));
      double seconds = (System.nanoTime() - start) / 1e9;
      Evaluator evaluator = Evaluator.of(material.test(), backdoor);
      var trained =
          new TrainedVictim(
              material,
              classifier,
              evaluator,
              evaluator.measure(classifier),
              seconds,
              environment.threads());
      trained.commit(victim, backdoor, environment, store);
      return trained;
    } catch (RuntimeException | Error e) {
      classifier.close();
      throw e;
    }
  }

  private static Optional<Backdoor> backdoor(
      Victim victim, Function<PoisoningAttack, Trigger> trigger) {
    Attack attack = Attacks.REGISTRY.create(victim.attack());
    if (attack instanceof PoisoningAttack poisoning) {
      return Optional.of(new Backdoor(trigger.apply(poisoning), poisoning.goal()));
    }
    if (attack instanceof NoAttack) {
      return Optional.empty();
    }
    throw new IllegalStateException("no way to plant " + attack);
  }

  private void commit(
      Victim victim, Optional<Backdoor> backdoor, Environment environment, Store store) {
    var files = new LinkedHashMap<String, byte[]>();
    files.put(WEIGHTS, classifier.weights().toBytes());
    backdoor.ifPresent(b -> files.put(TRIGGER, b.trigger().toTensors().toBytes()));
    Map<String, Object> description = Descriptions.of(victim);
    description.putAll(Descriptions.surroundings(material.design(), environment));
    description.put(Row.DATA_DIGEST, material.digest());
    before.describe(description);
    description.put(Row.TRAIN_SECONDS, trainSeconds);
    store.commitVictim(victim.id().toString(), files, description);
  }

  @Override
  public void close() {
    classifier.close();
  }
}
