package io.backdoorgrid.run.task;

import io.backdoorgrid.defense.FeatureTraining;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.FeatureExtractor;
import io.backdoorgrid.run.victim.PretrainedExtractor;
import io.backdoorgrid.run.victim.TrainedVictim;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.row.Row;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A victim's training set and a pretrained extractor. */
public final class TrialFeatureTraining extends TrialTraining implements FeatureTraining {

  private final PretrainedExtractor extractor;

  TrialFeatureTraining(Assignment assignment, PretrainedExtractor extractor) {
    super(assignment);
    this.extractor = extractor;
  }

  /**
   * What a trial left in the store: asked for work that has not been done, it fails with {@link
   * java.util.NoSuchElementException}.
   */
  public static TrialFeatureTraining stored(
      Trial trial, TrainedVictim victim, PretrainedExtractor extractor, Store store) {
    return new TrialFeatureTraining(
        new Assignment(trial, victim, store, line -> {}, Unfinished.REFUSED), extractor);
  }

  @Override
  String scope() {
    return String.format(
        Locale.ROOT,
        "%s %s %d",
        trial().victim().id(),
        trial().extractor(),
        trial().defense().version());
  }

  @Override
  Map<String, Object> columns() {
    Map<String, Object> columns = new LinkedHashMap<>(super.columns());
    columns.put(Row.EXTRACTOR_SECONDS, extractor.seconds());
    return columns;
  }

  @Override
  public FeatureExtractor features() {
    return network();
  }

  @Override
  public Classifier network() {
    return extractor.network().copy();
  }
}
