package io.backdoorgrid.run.victim;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.extractor.Supervised;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.train.TrainingListener;
import java.util.Optional;

/**
 * The features of a clean victim, trained like the victim that they are for, perhaps on other
 * images.
 */
record DonatedExtractor(Victim victim, Spec extractor, Supervised method)
    implements ExtractorSource {

  @Override
  public Optional<String> id() {
    return Optional.empty();
  }

  @Override
  public Optional<Victim> donor() {
    return Optional.of(clean());
  }

  private Victim clean() {
    return method.dataset().equals(Supervised.SAME)
        ? CleanVictims.like(victim)
        : CleanVictims.like(victim, method.dataset());
  }

  @Override
  public Optional<PretrainedExtractor> find(
      TrainedVictim trained, Environment environment, Store store) {
    return TrainedVictim.find(clean(), material(trained, environment), environment, store)
        .map(DonatedExtractor::of);
  }

  @Override
  public PretrainedExtractor obtain(
      TrainedVictim trained, Environment environment, Store store, TrainingListener listener) {
    Material material = material(trained, environment);
    require(
        material.train().shape().equals(trained.material().train().shape()),
        "an extractor trained on %s cannot read images of %s",
        clean().dataset().name(),
        victim.dataset().name());
    return of(TrainedVictim.obtain(clean(), material, environment, store, listener));
  }

  private Material material(TrainedVictim trained, Environment environment) {
    return Material.of(clean(), environment, trained.material().design().device());
  }

  /** Its network is the victim's, and closed with the extractor. */
  private static PretrainedExtractor of(TrainedVictim clean) {
    return new PretrainedExtractor(clean.classifier(), clean.trainSeconds());
  }
}
