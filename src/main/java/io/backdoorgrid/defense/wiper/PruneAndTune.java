package io.backdoorgrid.defense.wiper;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.train.Batch;
import io.backdoorgrid.train.Trainer;
import java.util.List;
import java.util.Map;

/** Prunes the least important neurons and keeps them pruned while the network is fine-tuned. */
final class PruneAndTune implements Trainer.Step, AutoCloseable {

  private final List<Suspects> pruned;
  private final Tuning tuning;

  /** Measures the importance of all neurons over {@code clean}, and prunes. */
  PruneAndTune(
      Wiper wiper, Classifier classifier, LabeledImages clean, NeuronImportance importance) {
    pruned = Suspects.of(wiper, classifier, clean, importance);
    pruned.forEach(layer -> layer.mark(wiper.pruneRatio()));
    try (NDManager scope = classifier.manager().newSubManager()) {
      silence(scope);
    }
    tuning = new Tuning(wiper, classifier, pruned.stream().map(Suspects::layer).toList());
  }

  @Override
  public float take(Batch batch) {
    Tuning.Pass pass = tuning.pass(batch.input(), batch.labels());
    Map<NDArray, NDArray> gradients = tuning.gradients(pass);
    tuning.step(gradients, batch.images(), batch.learningRate());
    silence(batch.scope());
    return pass.loss().getFloat();
  }

  private void silence(NDManager scope) {
    for (Suspects layer : pruned) {
      for (NDArray weight : layer.layer().weights()) {
        weight.muli(layer.mask(scope, weight).neg().add(1));
      }
    }
  }

  @Override
  public void close() {
    tuning.close();
  }
}
