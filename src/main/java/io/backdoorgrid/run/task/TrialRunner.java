package io.backdoorgrid.run.task;

import io.backdoorgrid.defense.Defense;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Predictor;
import io.backdoorgrid.prune.KernelNorms;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.run.victim.ExtractorSource;
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
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.commons.codec.digest.DigestUtils;

/** Runs trials on one victim. */
final class TrialRunner implements AutoCloseable {

  private final TrainedVictim victim;
  private final Environment environment;
  private final Store store;
  private final Consumer<String> listener;
  private final Map<Spec, PretrainedExtractor> extractors = new HashMap<>();
  private final KernelNorms norms;
  private final Map<String, Measures> measured = new HashMap<>();

  TrialRunner(
      TrainedVictim victim, Environment environment, Store store, Consumer<String> listener) {
    this.victim = victim;
    this.norms = new KernelNorms(victim.classifier().units());
    this.environment = environment;
    this.store = store;
    this.listener = listener;
  }

  /** Defends, measures, stores what was found, and describes the result. */
  Row run(Trial trial) {
    String started = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    Defense defense = Defenses.REGISTRY.create(trial.defense());
    Defended result =
        defense.changesModel()
            ? defense.accept(new Attempt(trial))
            // Defended already, when the victim was trained.
            : new Defended(victim.before(), 0, 0, Map.of());
    return TrialRow.of(trial, victim, result, environment, started);
  }

  /** Runs the defense of a trial and evaluates the result. */
  private final class Attempt extends TrialAttempt<Defended> {

    private final Trial trial;

    Attempt(Trial trial) {
      super(
          new Assignment(trial, victim, store, listener, Unfinished.KEPT),
          () -> norms,
          spec -> extractors.computeIfAbsent(spec, TrialRunner.this::extractor));
      this.trial = trial;
    }

    @Override
    Defended repaired(TrialWorkspace given, Consumer<Classifier> repair) {
      try (Classifier copy = victim.classifier().copy()) {
        long start = System.nanoTime();
        repair.accept(copy);
        double seconds = secondsSince(start);
        return result(given, seconds, () -> metrics(copy));
      }
    }

    @Override
    Defended trained(TrialWorkspace given, Supplier<Predictor> training) {
      long start = System.nanoTime();
      try (Predictor predictor = training.get()) {
        double seconds = secondsSince(start);
        return result(given, seconds, () -> victim.evaluator().measure(predictor));
      }
    }

    private Defended result(TrialWorkspace given, double seconds, Supplier<Measures> measuring) {
      long start = System.nanoTime();
      Measures after = measuring.get();
      double evaluateSeconds = secondsSince(start);
      Map<String, Object> columns = new LinkedHashMap<>(given.columns());
      columns.putAll(StoredFindings.commit(given.findings(), trial, store));
      return new Defended(after, seconds + given.secondsToAdd(), evaluateSeconds, columns);
    }
  }

  private PretrainedExtractor extractor(Spec spec) {
    return ExtractorSource.of(victim.victim(), spec)
        .obtain(
            victim, environment, store, RunningNote.progress("extractor " + spec.name(), listener));
  }

  /** Neighboring limits of a sweep often prune the same channels: equal networks count once. */
  private Measures metrics(Classifier classifier) {
    if (measured.isEmpty()) {
      measured.put(digest(victim.classifier()), victim.before());
    }
    return measured.computeIfAbsent(
        digest(classifier), unseen -> victim.evaluator().measure(classifier));
  }

  private static String digest(Classifier classifier) {
    return DigestUtils.sha256Hex(classifier.weights().toBytes());
  }

  /** A GPU's seconds end when it has computed. */
  private double secondsSince(long start) {
    Torch.await(victim.material().design().device());
    return (System.nanoTime() - start) / 1e9;
  }

  @Override
  public void close() {
    extractors.values().forEach(PretrainedExtractor::close);
  }
}
