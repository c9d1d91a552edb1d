package io.backdoorgrid.run.victim;

import io.backdoorgrid.extractor.Extractor;
import io.backdoorgrid.extractor.Extractors;
import io.backdoorgrid.extractor.SelfSupervised;
import io.backdoorgrid.extractor.Supervised;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.train.TrainingListener;
import java.util.Optional;

/** Where a victim's trials get an extractor from. */
public interface ExtractorSource {

  /** Of the extractor that a victim's trials ask for. */
  static ExtractorSource of(Victim victim, Spec extractor) {
    return Extractors.REGISTRY
        .create(extractor)
        .accept(
            new Extractor.Visitor<>() {
              @Override
              public ExtractorSource selfSupervised(SelfSupervised method) {
                return new OwnExtractor(victim, extractor, method);
              }

              @Override
              public ExtractorSource supervised(Supervised method) {
                return new DonatedExtractor(victim, extractor, method);
              }
            });
  }

  /** Under which the store keeps it; empty if it is a victim. */
  Optional<String> id();

  /** The victim whose features it is; empty if it is an object of its own. */
  Optional<Victim> donor();

  /** Finds it in the store. */
  Optional<PretrainedExtractor> find(TrainedVictim trained, Environment environment, Store store);

  /**
   * Finds it in the store, or trains it and puts it there.
   *
   * @param trained the victim that it is for
   */
  PretrainedExtractor obtain(
      TrainedVictim trained, Environment environment, Store store, TrainingListener listener);
}
