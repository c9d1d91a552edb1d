package io.backdoorgrid.attack.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Sgd;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.train.Batch;
import io.backdoorgrid.train.Trainer;
import java.util.Arrays;
import java.util.stream.IntStream;

/** A step of {@link LogitAnchoring}: down the cross entropy, near the clean network's logits. */
final class AnchoredStep implements Trainer.Step, AutoCloseable {

  private final LogitAnchoring attack;
  private final Classifier victim;
  private final Classifier clean;
  private final int[] poisoned;
  private final NDManager manager;
  private final Sgd sgd;

  /**
   * @param poisoned positions of the poisoned images, in ascending order
   */
  AnchoredStep(
      LogitAnchoring attack, Classifier victim, Classifier clean, int[] poisoned, double momentum) {
    this.attack = attack;
    this.victim = victim;
    this.clean = clean;
    this.poisoned = poisoned;
    this.manager = victim.manager().newSubManager();
    this.sgd = new Sgd(manager, victim.trainable(), momentum, attack.weightDecay(), false);
  }

  /** What it remembers. */
  Sgd sgd() {
    return sgd;
  }

  @Override
  public float take(Batch batch) {
    long[] cleanRows = cleanRows(batch.positions(), poisoned);
    NDArray loss =
        attack.lambda() > 0 && cleanRows.length > 0
            ? anchored(batch.input(), batch.labels(), batch.scope().create(cleanRows))
            : Torch.recording(() -> Ops.crossEntropy(logits(batch.input()), batch.labels(), 0));
    sgd.step(loss, batch.learningRate());
    return loss.getFloat();
  }

  /** Which images of a batch are clean, counted within the batch. */
  static long[] cleanRows(int[] positions, int[] poisoned) {
    return IntStream.range(0, positions.length)
        .filter(i -> Arrays.binarySearch(poisoned, positions[i]) < 0)
        .asLongStream()
        .toArray();
  }

  private NDArray anchored(NDArray input, NDArray labels, NDArray cleanRows) {
    NDArray anchor = clean.logits(input, false);
    return Torch.recording(
        () -> {
          NDArray logits = logits(input);
          NDArray distance = distance(logits, anchor, cleanRows);
          NDArray sum =
              Ops.add(Ops.crossEntropy(logits, labels, 0), Ops.scaled(distance, attack.lambda()));
          return Ops.scaled(sum, 1 / (1 + attack.lambda()));
        });
  }

  private NDArray logits(NDArray input) {
    return victim.logits(input, attack.statistics() == LogitAnchoring.Statistics.BATCH);
  }

  /** The mean squared difference between two networks' logits on some of the images. */
  static NDArray distance(NDArray logits, NDArray anchor, NDArray rows) {
    return Ops.rows(logits, rows).sub(Ops.rows(anchor, rows)).square().mean();
  }

  @Override
  public void close() {
    manager.close();
  }
}
