package io.backdoorgrid.train;

import static io.backdoorgrid.algorithm.Checks.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.AugmentedBatches;
import io.backdoorgrid.data.batch.Batches;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Sgd;
import io.backdoorgrid.torch.Torch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Trains a classifier on labeled images by a {@link Recipe}. */
public final class Trainer {

  /** Prepares a batch's pixels for a step: by default as images for the classifier. */
  public interface Input {
    /**
     * @param scope owns the result
     * @param pixels all views of a batch, as {@link Batches#fill} put them
     */
    NDArray of(NDManager scope, ByteBuffer pixels);
  }

  /** Trains on a batch: by default one step down its cross entropy. */
  public interface Step {
    /**
     * @return the loss before the step
     */
    float take(Batch batch);
  }

  private final Recipe recipe;
  private final TrainingListener listener;

  public Trainer(Recipe recipe, TrainingListener listener) {
    this.recipe = recipe;
    this.listener = listener;
  }

  /**
   * Trains {@code classifier} in place. The order of the images and their augmentation come from
   * {@code random} alone. The last, smaller batch of an epoch is used if it has at least two
   * images.
   *
   * @throws IllegalArgumentException if there are fewer than two images
   * @throws DivergedException if the loss becomes infinite or not a number
   */
  public void train(Classifier classifier, LabeledImages images, RandomGenerator random) {
    train(classifier, new AugmentedBatches(images, recipe.augmentation()), random);
  }

  /** As above, on {@code batches} that bring their own augmentation. */
  public void train(Classifier classifier, Batches batches, RandomGenerator random) {
    try (NDManager manager = classifier.manager().newSubManager()) {
      var sgd =
          new Sgd(
              manager,
              classifier.trainable(),
              recipe.momentum(),
              recipe.weightDecay(),
              recipe.nesterov());
      train(
          classifier,
          batches,
          random,
          batch -> {
            NDArray loss =
                Torch.recording(
                    () ->
                        Ops.crossEntropy(
                            classifier.logits(batch.input(), true),
                            batch.labels(),
                            recipe.labelSmoothing()));
            sgd.step(loss, batch.learningRate());
            return loss.getFloat();
          });
    }
  }

  /**
   * As above, with another {@code step}: epochs, order, augmentation, schedule and averaging are
   * the recipe's, the loss and the optimizer the step's.
   */
  public void train(
      Classifier classifier, LabeledImages images, RandomGenerator random, Step step) {
    train(classifier, new AugmentedBatches(images, recipe.augmentation()), random, step);
  }

  /**
   * As above, on {@code batches} that bring their own augmentation. A step's input has all their
   * views.
   */
  public void train(Classifier classifier, Batches batches, RandomGenerator random, Step step) {
    train(classifier, batches, random, classifier::input, step);
  }

  /** As above, for a {@code step} that wants another {@code input}. */
  public void train(
      Classifier classifier, Batches batches, RandomGenerator random, Input input, Step step) {
    require(batches.size() >= 2, "training needs at least 2 images, got %d", batches.size());
    try (var run = new Run(classifier, batches, random, input, step)) {
      for (int epoch = 0; epoch < recipe.epochs(); epoch++) {
        double loss = run.epoch(epoch);
        listener.epochDone(epoch + 1, recipe.epochs(), loss);
      }
      run.finish();
    }
  }

  /** The state of one training. */
  private final class Run implements AutoCloseable {
    private final Classifier classifier;
    private final RandomGenerator random;
    private final NDManager manager;
    private final Batches batches;
    private final ByteBuffer pixels;
    private final Input input;
    private final Step step;
    private final List<NDArray> averages;
    private final int stepsPerEpoch;
    private int steps;

    Run(Classifier classifier, Batches batches, RandomGenerator random, Input input, Step step) {
      this.classifier = classifier;
      this.batches = batches;
      this.random = random;
      this.manager = classifier.manager().newSubManager();
      this.pixels = ByteBuffer.allocateDirect(batches.bytes(recipe.batch()));
      this.input = input;
      this.step = step;
      this.averages = recipe.averaging() == 0 ? List.of() : duplicates(classifier.state().values());
      int rest = batches.size() % recipe.batch();
      this.stepsPerEpoch = batches.size() / recipe.batch() + (rest >= 2 ? 1 : 0);
    }

    private List<NDArray> duplicates(Iterable<NDArray> arrays) {
      var copies = new ArrayList<NDArray>();
      for (NDArray array : arrays) {
        NDArray copy = array.duplicate();
        copy.attach(manager);
        copies.add(copy);
      }
      return copies;
    }

    double epoch(int epoch) {
      batches.startEpoch();
      int[] order = Seed.permutation(batches.size(), random);
      double sum = 0;
      for (int i = 0; i < stepsPerEpoch; i++, steps++) {
        int from = i * recipe.batch();
        int to = Math.min(from + recipe.batch(), order.length);
        sum += step(order, from, to, epoch);
      }
      return sum / stepsPerEpoch;
    }

    private double step(int[] order, int from, int to, int epoch) {
      batches.fill(pixels.clear(), order, from, to, epoch, random);
      try (NDManager scope = manager.newSubManager()) {
        var batch =
            new Batch(
                input.of(scope, pixels.flip()),
                scope.create(batches.labels(order, from, to)),
                Arrays.copyOfRange(order, from, to),
                epoch,
                steps,
                recipe.schedule().rate(recipe, steps, stepsPerEpoch));
        double loss = step.take(batch);
        if (!Double.isFinite(loss)) {
          throw new DivergedException(epoch, steps % stepsPerEpoch, "the loss", loss);
        }
        if (!averages.isEmpty()) {
          Ops.average(averages, List.copyOf(classifier.state().values()), 1 - recipe.averaging());
        }
        listener.stepDone(batch, loss);
        return loss;
      }
    }

    /**
     * Replaces the last weights, batch-norm statistics included, by the averaged ones. The weights
     * after the last step are checked, since no loss was computed with them.
     */
    void finish() {
      if (!averages.isEmpty()) {
        Ops.average(List.copyOf(classifier.state().values()), averages, 1);
      }
      for (NDArray array : classifier.state().values()) {
        for (float value : array.toFloatArray()) {
          if (!Float.isFinite(value)) {
            throw new DivergedException(recipe.epochs() - 1, stepsPerEpoch - 1, "a weight", value);
          }
        }
      }
    }

    @Override
    public void close() {
      manager.close();
    }
  }
}
