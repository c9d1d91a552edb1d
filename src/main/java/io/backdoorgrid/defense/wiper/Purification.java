package io.backdoorgrid.defense.wiper;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.train.Batch;
import io.backdoorgrid.train.Trainer;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The purifying loop of WIPER (protocol 1): every step goes down cross entropy plus penalty of the
 * marked neurons, then the marks move to the neurons that are now the least important.
 */
final class Purification implements Trainer.Step, AutoCloseable {

  private final Wiper wiper;
  private final Classifier classifier;
  private final LabeledImages clean;
  private final NeuronImportance importance;
  private final Penalty penalty;
  private final List<PurifiedLayer> layers;
  private final List<Suspects> suspects;
  private final Tuning tuning;

  /** Measures the importance of all neurons over {@code clean}, and marks the first suspects. */
  Purification(
      Wiper wiper, Classifier classifier, LabeledImages clean, NeuronImportance importance) {
    this.wiper = wiper;
    this.classifier = classifier;
    this.clean = clean;
    this.importance = importance;
    this.penalty = wiper.penalty();
    this.suspects = Suspects.of(wiper, classifier, clean, importance);
    this.layers = suspects.stream().map(Suspects::layer).toList();
    this.tuning = new Tuning(wiper, classifier, layers);
    mark(0);
  }

  private void mark(int epoch) {
    double share = wiper.share(epoch);
    suspects.forEach(layer -> layer.mark(share));
  }

  @Override
  public float take(Batch batch) {
    NDManager scope = batch.scope();
    Tuning.Pass pass = tuning.pass(batch.input(), batch.labels());
    Map<NDArray, NDArray> gradients = tuning.gradients(pass);
    Map<NDArray, NDArray> pull = pull(scope, batch.images());

    List<double[]> measured = List.of();
    if (wiper.ranking().renewal() == Ranking.Renewal.BATCH) {
      NDArray features = pass.features().toType(DataType.FLOAT32, false);
      measured =
          measure(new Observation(features, batch.labels(), classifier.head(), gradients), pull);
    }
    pull.forEach((weight, gradient) -> gradients.merge(weight, gradient, NDArray::add));
    Map<NDArray, NDArray> before = wiper.steps().zeroClamp() ? copies(scope) : Map.of();
    tuning.step(gradients, batch.images(), batch.learningRate());
    stopAtZero(scope, before);
    if (!measured.isEmpty()) {
      renew(measured);
      mark(batch.epoch());
    }
    return pass.loss().getFloat();
  }

  /**
   * To be called after each epoch.
   *
   * @param done how many there were
   */
  void epochDone(int done) {
    if (wiper.ranking().renewal() == Ranking.Renewal.EPOCH) {
      try (NDManager scope = classifier.manager().newSubManager()) {
        Observation seen = Observation.of(scope, classifier, clean, layers, wiper.sgd().batch());
        renew(measure(seen, pull(scope, clean.size())));
      }
      mark(done);
    }
  }

  /** The penalty's gradients, on the scale of those of the mean cross entropy over n images. */
  private Map<NDArray, NDArray> pull(NDManager scope, double images) {
    double factor = wiper.steps().reduction() == StepOptions.Reduction.SUM ? 1 / images : 1;
    return penalty.gradients(scope, suspects, factor);
  }

  private List<double[]> measure(Observation seen, Map<NDArray, NDArray> pull) {
    Observation judged = wiper.ranking().penaltyInSalience() ? seen.plus(pull) : seen;
    return layers.stream().map(layer -> importance.of(layer, judged)).toList();
  }

  private void renew(List<double[]> measured) {
    for (int i = 0; i < measured.size(); i++) {
      suspects.get(i).renew(measured.get(i), wiper.ranking().eta());
    }
  }

  private Map<NDArray, NDArray> copies(NDManager scope) {
    var copies = new IdentityHashMap<NDArray, NDArray>();
    for (PurifiedLayer layer : layers) {
      for (NDArray weight : layer.weights()) {
        NDArray copy = weight.duplicate();
        copy.attach(scope);
        copies.put(weight, copy);
      }
    }
    return copies;
  }

  /** Weights of marked neurons that changed their sign become 0. */
  private void stopAtZero(NDManager scope, Map<NDArray, NDArray> before) {
    if (before.isEmpty()) {
      return;
    }
    for (Suspects layer : suspects) {
      for (NDArray weight : layer.layer().weights()) {
        NDArray crossed = before.get(weight).mul(weight).lt(0).toType(DataType.FLOAT32, false);
        weight.muli(crossed.mul(layer.mask(scope, weight)).neg().add(1));
      }
    }
  }

  @Override
  public void close() {
    tuning.close();
  }
}
