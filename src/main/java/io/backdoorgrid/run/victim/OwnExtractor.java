package io.backdoorgrid.run.victim;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.extractor.SelfSupervised;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.store.DamagedException;
import io.backdoorgrid.store.Digest;
import io.backdoorgrid.store.ObjectKind;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.StoreException;
import io.backdoorgrid.store.StoredObject;
import io.backdoorgrid.store.row.Row;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.TrainingListener;
import java.util.Map;
import java.util.Optional;

/** An extractor that is trained on the victim's own training set, and belongs to it. */
record OwnExtractor(Victim victim, Spec extractor, SelfSupervised method)
    implements ExtractorSource {

  private static final String WEIGHTS = "weights.safetensors";

  @Override
  public Optional<String> id() {
    return Optional.of(key());
  }

  private String key() {
    return Digest.brief(victim.id() + " " + extractor);
  }

  @Override
  public Optional<Victim> donor() {
    return Optional.empty();
  }

  /**
   * @throws io.backdoorgrid.data.BadDataException if it was trained on other images
   */
  @Override
  public Optional<PretrainedExtractor> find(
      TrainedVictim trained, Environment environment, Store store) {
    Optional<StoredObject> stored = store.object(ObjectKind.EXTRACTOR, key());
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    Material material = trained.material();
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

  @Override
  public PretrainedExtractor obtain(
      TrainedVictim trained, Environment environment, Store store, TrainingListener listener) {
    return find(trained, environment, store)
        .orElseGet(() -> train(trained, environment, store, listener));
  }

  private PretrainedExtractor train(
      TrainedVictim trained, Environment environment, Store store, TrainingListener listener) {
    var seed = new Seed(key());
    Classifier network = Classifier.create(trained.material().design(), seed.stream("weights"));
    try {
      long start = System.nanoTime();
      method.train(network, trained.poisoning().images(), seed.stream("training"), listener);
      double seconds = (System.nanoTime() - start) / 1e9;
      if (commit(network, seconds, trained, environment, store)) {
        return new PretrainedExtractor(network, seconds);
      }
    } catch (RuntimeException | Error e) {
      network.close();
      throw e;
    }
    network.close(); // Another attempt was faster: what it made is what counts.
    return find(trained, environment, store)
        .orElseThrow(() -> new StoreException("extractor %s is gone".formatted(key()), true));
  }

  private boolean commit(
      Classifier network,
      double seconds,
      TrainedVictim trained,
      Environment environment,
      Store store) {
    Map<String, Object> description = Descriptions.of(victim);
    description.putAll(extractor.columns(Row.EXTRACTOR));
    description.putAll(Descriptions.surroundings(network.design(), environment));
    description.put(Row.DATA_DIGEST, trained.material().digest());
    description.put(Row.TRAIN_SECONDS, seconds);
    byte[] weights = network.weights().toBytes();
    return store.commitObject(ObjectKind.EXTRACTOR, key(), Map.of(WEIGHTS, weights), description);
  }
}
