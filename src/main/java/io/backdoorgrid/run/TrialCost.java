package io.backdoorgrid.run;

import io.backdoorgrid.catalog.Algorithms;
import io.backdoorgrid.defense.LoneWeights;
import io.backdoorgrid.defense.datafree.Clp;
import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.read.GridReader;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.run.task.Outcome;
import io.backdoorgrid.run.task.RunningNote;
import io.backdoorgrid.run.task.TrialsTask;
import io.backdoorgrid.run.victim.TrainedVictim;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.row.Row;
import io.backdoorgrid.torch.Torch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;

/**
 * What a trial costs beside its defense and its evaluation, in a process that runs already.
 *
 * @param untilFirstBatch seconds from the start of a task, on a victim that is in the store, until
 *     CLP has repaired it and its first batch of test images is classified
 * @param startLoadAndCommit seconds of a whole task less those of its defense and its evaluation
 */
public record TrialCost(List<Double> untilFirstBatch, List<Double> startLoadAndCommit) {

  private static final String GRID =
      """
      name: bench
      victims:
        dataset: {shapes: {train-images: 200, test-images: 1000}}
        model: {resnet18: {width: %d}}
        attack: badnets
        poison-rate: 0.1
        train: {epochs: 1}
      defenses: {clp: {u: %s}}
      """;

  /**
   * Trains a victim on a few images, commits it to a store in a temporary folder, and runs trials
   * on it.
   */
  public static TrialCost measure(int width, int threads, int repeats) {
    try {
      Path folder = Files.createTempDirectory("backdoor-grid-bench");
      try {
        return measure(folder, width, threads, repeats);
      } finally {
        FileUtils.deleteDirectory(folder.toFile());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TrialCost measure(Path folder, int width, int threads, int repeats)
      throws IOException {
    var environment =
        Environment.ofThisProcess(
            folder.resolve("store").toUri().toString(),
            folder.toString(),
            new Configuration(),
            threads);
    List<Trial> trials = plan(folder, width, repeats + 1).trials();
    task(trials.get(0), environment).run(); // trains, and warms up

    var untilFirstBatch = new ArrayList<Double>();
    var startLoadAndCommit = new ArrayList<Double>();
    for (Trial trial : trials.subList(1, trials.size())) {
      TrialsTask task = task(trial, environment);
      untilFirstBatch.add(firstBatch(task, environment));
      startLoadAndCommit.add(overhead(task));
    }
    return new TrialCost(untilFirstBatch, startLoadAndCommit);
  }

  private static Plan plan(Path folder, int width, int trials) throws IOException {
    var limits = new ArrayList<Double>();
    for (int i = 0; i < trials; i++) {
      limits.add(3 + i / 100.0);
    }
    Path grid = folder.resolve("bench.yaml");
    Files.writeString(grid, String.format(Locale.ROOT, GRID, width, limits));
    return GridReader.read(grid, new Algorithms(), Overrides.NONE);
  }

  private static TrialsTask task(Trial trial, Environment environment) {
    return new TrialsTask(environment, trial.victim(), List.of(trial), List.of(), true, 0);
  }

  /** What {@link TrialsTask#run()} does, up to that point. */
  private static double firstBatch(TrialsTask task, Environment environment) {
    long start = System.nanoTime();
    Torch.prepareThread(environment.threads());
    Store store = Store.open(environment.store(), environment.configuration());
    try (var note = new RunningNote(store, task.trials().get(0).id().toString());
        TrainedVictim trained = task.obtain(store, note);
        Classifier repaired = trained.classifier().copy()) {
      new Clp().repair(repaired, new LoneWeights(repaired));
      repaired.predict(trained.evaluator().test().first(Classifier.EVALUATION_BATCH));
      return (System.nanoTime() - start) / 1e9;
    }
  }

  private static double overhead(TrialsTask task) {
    long start = System.nanoTime();
    Row row = ((Outcome.Finished) task.run().get(0)).row();
    double seconds = (System.nanoTime() - start) / 1e9;
    return seconds
        - row.number(Row.SECONDS).orElseThrow()
        - row.number(Row.EVALUATE_SECONDS).orElseThrow();
  }
}
