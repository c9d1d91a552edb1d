package io.backdoorgrid.defense.holder;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requirePositive;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.model.head.MlpHead;
import io.backdoorgrid.torch.Adam;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.train.DivergedException;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The training of a head on fixed features: Adam at a constant rate on the cross entropy (the paper
 * on Hölder Pruning, section A.13; it prints no batch size).
 *
 * @param hidden neurons of the hidden layer, at least 1
 * @param epochs passes over the features, at least 1
 * @param batch samples per step, at least 1
 * @param learningRate positive
 */
public record HeadTraining(int hidden, int epochs, int batch, double learningRate) {

  public HeadTraining {
    require(hidden >= 1, "hidden must be at least 1, got %d", hidden);
    require(epochs >= 1, "epochs must be at least 1, got %d", epochs);
    require(batch >= 1, "batch must be at least 1, got %d", batch);
    requirePositive("learning-rate", learningRate);
  }

  /**
   * A trained head.
   *
   * @param manager owns it
   * @param features (n, d), float32
   * @param labels one per row
   * @throws DivergedException if the loss becomes infinite or not a number
   */
  MlpHead train(
      NDManager manager, NDArray features, int[] labels, int classes, RandomGenerator random) {
    int samples = labels.length;
    int width = (int) features.getShape().get(1);
    MlpHead head = MlpHead.create(manager, width, hidden, classes, random);
    try (NDManager scope = manager.newSubManager()) {
      var adam = new Adam(scope, head.trainable());
      for (int epoch = 0; epoch < epochs; epoch++) {
        int[] order = Seed.permutation(samples, random);
        double loss = 0;
        for (int from = 0; from < samples; from += batch) {
          int[] rows = Arrays.copyOfRange(order, from, Math.min(from + batch, samples));
          loss = step(head, adam, features, labels, rows);
        }
        if (!Double.isFinite(loss)) {
          throw new DivergedException(epoch, (samples - 1) / batch, "the loss", loss);
        }
      }
    }
    return head;
  }

  private double step(MlpHead head, Adam adam, NDArray features, int[] labels, int[] rows) {
    try (NDManager step = features.getManager().newSubManager()) {
      NDArray positions = step.create(Arrays.stream(rows).asLongStream().toArray());
      NDArray batchLabels = step.create(Arrays.stream(rows).mapToLong(i -> labels[i]).toArray());
      NDArray input = Ops.rows(features, positions);
      input.attach(step);
      NDArray loss = Torch.recording(() -> Ops.crossEntropy(head.logits(input), batchLabels, 0));
      adam.step(loss, learningRate);
      return loss.getFloat();
    }
  }
}
