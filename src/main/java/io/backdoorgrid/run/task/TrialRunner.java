package io.backdoorgrid.run.task;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.defense.CleanDataDefense;
import io.backdoorgrid.defense.DataFreeDefense;
import io.backdoorgrid.defense.Defense;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.defense.NoDefense;
import io.backdoorgrid.defense.TrainingDefense;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.metric.Evaluated;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Predictor;
import io.backdoorgrid.prune.KernelNorms;
import io.backdoorgrid.run.host.Devices;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.run.victim.Descriptions;
import io.backdoorgrid.run.victim.Measures;
import io.backdoorgrid.run.victim.PretrainedExtractor;
import io.backdoorgrid.run.victim.TrainedVictim;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.row.Row;
import io.backdoorgrid.torch.Torch;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;

/** Runs trials on one victim. */
final class TrialRunner implements AutoCloseable {

  private final TrainedVictim victim;
  private final Environment environment;
  private final Store store;
  private final RunningNote note;
  private final Map<Spec, PretrainedExtractor> extractors = new HashMap<>();
  private final KernelNorms norms;
  private final Map<String, Measures> measured = new HashMap<>();

  TrialRunner(TrainedVictim victim, Environment environment, Store store, RunningNote note) {
    this.victim = victim;
    this.norms = new KernelNorms(victim.classifier().units());
    this.environment = environment;
    this.store = store;
    this.note = note;
  }

  /** Defends, measures, and describes the result. */
  Row run(Trial trial) {
    String started = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    Defense defense = Defenses.REGISTRY.create(trial.defense());
    if (defense instanceof NoDefense) {
      // Measured already, when the victim was trained.
      return row(trial, victim.before(), 0, 0, started);
    }
    if (defense instanceof TrainingDefense training) {
      return train(trial, training, started);
    }
    try (Classifier repaired = victim.classifier().copy()) {
      double reused = norms.reusedSeconds();
      long start = System.nanoTime();
      repair(repaired, defense, trial);
      Torch.await(repaired.design().device());
      double seconds = secondsSince(start) + norms.reusedSeconds() - reused;
      long evaluation = System.nanoTime();
      Measures after = measure(repaired);
      return row(trial, after, seconds, secondsSince(evaluation), started);
    }
  }

  private void repair(Classifier classifier, Defense defense, Trial trial) {
    if (defense instanceof DataFreeDefense dataFree) {
      dataFree.repair(classifier, norms);
    } else if (defense instanceof CleanDataDefense cleanData) {
      var seed = new Seed(trial.id().toString());
      LabeledImages clean = victim.material().cleanImages(trial.cleanRatio());
      cleanData.repair(classifier, clean, seed.stream("defense"));
    } else {
      throw new IllegalStateException("no way to run " + defense);
    }
  }

  private Row train(Trial trial, TrainingDefense defense, String started) {
    PretrainedExtractor extractor =
        extractors.computeIfAbsent(
            trial.extractor(),
            spec -> PretrainedExtractor.obtain(spec, victim, environment, store, note));
    var training = new StoredTraining(trial, victim, extractor.network(), store, note, false);
    long start = System.nanoTime();
    try (Predictor predictor = defense.train(training)) {
      double seconds = secondsSince(start) + training.secondsToAdd();
      long evaluation = System.nanoTime();
      Measures after = victim.evaluator().measure(predictor);
      Map<String, Object> more = new LinkedHashMap<>(training.observations());
      more.put(Row.EXTRACTOR_SECONDS, extractor.seconds());
      return row(trial, after, seconds, secondsSince(evaluation), started, more);
    }
  }

  /** Neighbouring limits of a sweep often prune the same channels: equal networks count once. */
  private Measures measure(Classifier classifier) {
    if (measured.isEmpty()) {
      measured.put(digest(victim.classifier()), victim.before());
    }
    return measured.computeIfAbsent(
        digest(classifier), unseen -> victim.evaluator().measure(classifier));
  }

  private static String digest(Classifier classifier) {
    return DigestUtils.sha256Hex(classifier.weights().toBytes());
  }

  private Row row(
      Trial trial, Measures after, double seconds, double evaluateSeconds, String started) {
    return row(trial, after, seconds, evaluateSeconds, started, Map.of());
  }

  private Row row(
      Trial trial,
      Measures after,
      double seconds,
      double evaluateSeconds,
      String started,
      Map<String, Object> more) {
    Map<String, Object> columns = Descriptions.of(trial);
    columns.putAll(victim.before().columns(Evaluated::victimColumn));
    columns.putAll(after.columns(Evaluated::column));
    columns.put(Row.SECONDS, seconds);
    columns.putAll(more);
    columns.put(Row.TRAIN_SECONDS, victim.trainSeconds());
    columns.put(Row.TRAIN_THREADS, victim.trainThreads());
    columns.put(Row.EVALUATE_SECONDS, evaluateSeconds);
    columns.putAll(Descriptions.surroundings(victim.material().design(), environment));
    columns.put(Row.DATA_DIGEST, victim.material().digest());
    columns.put(Row.STARTED, started);
    columns.put(Row.ATTEMPT, Devices.attempt());
    return Row.of(columns);
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  @Override
  public void close() {
    extractors.values().forEach(PretrainedExtractor::close);
  }
}
