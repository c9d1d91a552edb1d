package io.backdoorgrid.defense.wiper;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Sgd;
import io.backdoorgrid.torch.Torch;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** The fine-tuning in WIPER: steps down the cross entropy, one batch at a time. */
final class Tuning implements AutoCloseable {

  /**
   * A batch, computed while gradients were recorded.
   *
   * @param features what the head reads, (n, d)
   * @param loss mean cross entropy
   */
  record Pass(NDArray features, NDArray loss) {}

  private final Wiper wiper;
  private final Classifier classifier;
  private final NDManager manager;
  private final List<NDArray> moved;
  private final Sgd sgd;

  /**
   * @param layers to be purified
   */
  Tuning(Wiper wiper, Classifier classifier, List<PurifiedLayer> layers) {
    this.wiper = wiper;
    this.classifier = classifier;
    this.manager = classifier.manager().newSubManager();
    this.moved =
        wiper.part().moved() == PurifiedPart.Moved.ALL ? classifier.trainable() : of(layers);
    this.sgd = new Sgd(manager, moved, wiper.sgd().momentum(), wiper.sgd().weightDecay(), false);
  }

  private List<NDArray> of(List<PurifiedLayer> layers) {
    var weights = new ArrayList<NDArray>();
    layers.forEach(layer -> weights.addAll(layer.weights()));
    weights.add(classifier.head().bias());
    return weights;
  }

  static Pass pass(Classifier classifier, NDArray input, NDArray labels, boolean training) {
    NDArray features = classifier.features(input, training);
    NDArray logits = classifier.head().apply(features);
    return new Pass(features, Ops.crossEntropy(logits, labels, 0));
  }

  Pass pass(NDArray input, NDArray labels) {
    boolean training = wiper.steps().statistics() == StepOptions.Statistics.BATCH;
    return Torch.recording(() -> pass(classifier, input, labels, training));
  }

  /** The gradients of {@code pass}, by the weights that move. */
  Map<NDArray, NDArray> gradients(Pass pass) {
    List<NDArray> gradients = Ops.gradients(pass.loss(), moved);
    var byWeight = new IdentityHashMap<NDArray, NDArray>();
    for (int i = 0; i < gradients.size(); i++) {
      byWeight.put(moved.get(i), gradients.get(i));
    }
    return byWeight;
  }

  /** Steps down gradients of the mean loss over that many images, or of the sum if asked for. */
  void step(Map<NDArray, NDArray> gradients, double images, double learningRate) {
    List<NDArray> ordered = moved.stream().map(gradients::get).toList();
    if (wiper.steps().reduction() == StepOptions.Reduction.SUM) {
      ordered = ordered.stream().map(gradient -> gradient.mul(images)).toList();
    }
    sgd.step(ordered, learningRate);
  }

  @Override
  public void close() {
    manager.close();
  }
}
