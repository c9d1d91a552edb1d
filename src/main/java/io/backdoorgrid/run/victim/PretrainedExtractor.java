package io.backdoorgrid.run.victim;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.extractor.Extractor;
import io.backdoorgrid.extractor.Extractors;
import io.backdoorgrid.extractor.SelfSupervised;
import io.backdoorgrid.extractor.Supervised;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.run.task.RunningNote;
import io.backdoorgrid.store.DamagedException;
import io.backdoorgrid.store.ObjectKind;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.StoreException;
import io.backdoorgrid.store.StoredObject;
import io.backdoorgrid.store.row.Row;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.TrainingListener;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * An extractor in memory.
 *
 * @param network of which only the features count
 * @param seconds what its training took, whenever that was
 */
public record PretrainedExtractor(Classifier network, double seconds) implements AutoCloseable {

  private static final String WEIGHTS = "weights.safetensors";
  private static final int ID_LENGTH = 16;

  /**
   * Where a self-supervised extractor is kept; it belongs to the victim's training set.
   *
   * @return empty for a supervised one, which is a victim
   */
  public static Optional<String> id(Victim victim, Spec extractor) {
    return Extractors.REGISTRY.create(extractor) instanceof SelfSupervised
        ? Optional.of(id(victim.id() + " " + extractor))
        : Optional.empty();
  }

  /** An id for whatever {@code text} describes in full. */
  public static String id(String text) {
    return DigestUtils.sha256Hex(text).substring(0, ID_LENGTH);
  }

  /**
   * The victim whose features a supervised extractor uses: trained like {@code victim}, but on
   * clean images, perhaps other ones.
   *
   * @return empty for a self-supervised one
   */
  public static Optional<Victim> donor(Victim victim, Spec extractor) {
    if (!(Extractors.REGISTRY.create(extractor) instanceof Supervised supervised)) {
      return Optional.empty();
    }
    return Optional.of(
        supervised.dataset().equals(Supervised.SAME)
            ? CleanVictims.like(victim)
            : CleanVictims.like(victim, supervised.dataset()));
  }

  /** Finds the extractor in the store, or trains it and puts it there. */
  public static PretrainedExtractor obtain(
      Spec extractor,
      TrainedVictim trained,
      Environment environment,
      Store store,
      RunningNote note) {
    Extractor kind = Extractors.REGISTRY.create(extractor);
    if (kind instanceof SelfSupervised selfSupervised) {
      String id = id(trained.victim(), extractor).orElseThrow();
      return stored(id, trained.material(), store)
          .orElseGet(() -> train(id, extractor, selfSupervised, trained, environment, store, note));
    }
    Victim donor = donor(trained.victim(), extractor).orElseThrow();
    Material material = Material.of(donor, environment, trained.material().design().device());
    require(
        material.train().shape().equals(trained.material().train().shape()),
        "an extractor trained on %s cannot read images of %s",
        donor.dataset().name(),
        trained.victim().dataset().name());
    try (TrainedVictim clean =
        TrainedVictim.obtain(
            donor, material, environment, store, note.progress("extractor " + extractor.name()))) {
      return new PretrainedExtractor(clean.classifier().copy(), clean.trainSeconds());
    }
  }

  /** Finds the extractor in the store. */
  public static Optional<PretrainedExtractor> find(
      Spec extractor, TrainedVictim trained, Environment environment, Store store) {
    Optional<String> id = id(trained.victim(), extractor);
    if (id.isPresent()) {
      return stored(id.get(), trained.material(), store);
    }
    Victim donor = donor(trained.victim(), extractor).orElseThrow();
    Material material = Material.of(donor, environment, trained.material().design().device());
    return TrainedVictim.find(donor, material, environment, store)
        .map(clean -> new PretrainedExtractor(clean.classifier(), clean.trainSeconds()));
  }

  /**
   * @throws io.backdoorgrid.data.BadDataException if it was trained on other images
   */
  private static Optional<PretrainedExtractor> stored(String id, Material material, Store store) {
    Optional<StoredObject> stored = store.object(ObjectKind.EXTRACTOR, id);
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    material.requireSameData(stored.get());
    try {
      Classifier network =
          Classifier.load(material.design(), SafeTensors.parse(stored.get().read(WEIGHTS)));
      double seconds = ((Number) stored.get().description().get(Row.TRAIN_SECONDS)).doubleValue();
      return Optional.of(new PretrainedExtractor(network, seconds));
    } catch (DamagedException e) {
      return Optional.empty(); // Trained again, it takes the damaged one's place.
    }
  }

  private static PretrainedExtractor train(
      String id,
      Spec extractor,
      SelfSupervised kind,
      TrainedVictim trained,
      Environment environment,
      Store store,
      RunningNote note) {
    var seed = new Seed(id);
    Classifier network = Classifier.create(trained.material().design(), seed.stream("weights"));
    try {
      TrainingListener listener = note.progress("extractor " + extractor.name());
      long start = System.nanoTime();
      kind.train(network, trained.poisoning().images(), seed.stream("training"), listener);
      double seconds = (System.nanoTime() - start) / 1e9;
      Map<String, Object> description = Descriptions.of(trained.victim());
      description.putAll(extractor.columns(Row.EXTRACTOR));
      description.putAll(Descriptions.surroundings(network.design(), environment));
      description.put(Row.DATA_DIGEST, trained.material().digest());
      description.put(Row.TRAIN_SECONDS, seconds);
      byte[] weights = network.weights().toBytes();
      if (store.commitObject(ObjectKind.EXTRACTOR, id, Map.of(WEIGHTS, weights), description)) {
        return new PretrainedExtractor(network, seconds);
      }
    } catch (RuntimeException | Error e) {
      network.close();
      throw e;
    }
    network.close(); // Another attempt was faster: what it made is what counts.
    return stored(id, trained.material(), store)
        .orElseThrow(() -> new StoreException("extractor %s is gone".formatted(id), true));
  }

  @Override
  public void close() {
    network.close();
  }
}
