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
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.SafeTensors.Tensor;
import io.backdoorgrid.torch.Sgd;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.train.Checkpoints.Checkpoint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
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

  private static final String TOO_FEW = "training needs at least 2 images, got %d";

  private final Recipe recipe;
  private final TrainingListener listener;
  private final Checkpoints checkpoints;

  public Trainer(Recipe recipe, TrainingListener listener) {
    this(recipe, listener, Checkpoints.NONE);
  }

  /**
   * @param checkpoints of trainings with this class's own step; it does not know the state of
   *     others
   */
  public Trainer(Recipe recipe, TrainingListener listener, Checkpoints checkpoints) {
    this.recipe = recipe;
    this.listener = listener;
    this.checkpoints = checkpoints;
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
      Step step =
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
          };
      require(batches.size() >= 2, TOO_FEW, batches.size());
      try (var run = new Run(classifier, batches, random, classifier::input, step)) {
        int done = 0;
        Optional<Checkpoint> latest = checkpoints.latest();
        if (latest.isPresent()) {
          done = latest.get().epochs();
          run.restore(latest.get(), sgd);
        }
        run.epochs(done, epochs -> checkpoints.epochDone(epochs, () -> run.state(sgd)));
      }
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
    require(batches.size() >= 2, TOO_FEW, batches.size());
    try (var run = new Run(classifier, batches, random, input, step)) {
      run.epochs(0, epochs -> {});
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

    /**
     * Trains to the end.
     *
     * @param done epochs that are done already
     * @param between is told how many are done, after each but the last
     */
    void epochs(int done, IntConsumer between) {
      for (int epoch = done; epoch < recipe.epochs(); epoch++) {
        double loss = epoch(epoch);
        listener.epochDone(epoch + 1, recipe.epochs(), loss);
        if (epoch + 1 < recipe.epochs()) {
          between.accept(epoch + 1);
        }
      }
      finish();
    }

    /** All arrays that differ from one step to the next. */
    SafeTensors state(Sgd sgd) {
      var tensors = new LinkedHashMap<String, Tensor>();
      arrays(sgd).forEach((name, array) -> tensors.put(name, SafeTensors.of(array)));
      return new SafeTensors(tensors);
    }

    private Map<String, NDArray> arrays(Sgd sgd) {
      var arrays = new LinkedHashMap<String, NDArray>();
      classifier.state().forEach((name, array) -> arrays.put("network." + name, array));
      put(arrays, "momentum.", sgd.buffers());
      put(arrays, "average.", averages);
      return arrays;
    }

    private static void put(Map<String, NDArray> arrays, String prefix, List<NDArray> more) {
      for (int i = 0; i < more.size(); i++) {
        arrays.put(prefix + i, more.get(i));
      }
    }

    /**
     * Puts a training where it was after some epochs. Their random numbers are drawn again, with
     * which batches may change their state; that costs some thousandths of what the epochs did.
     */
    void restore(Checkpoint checkpoint, Sgd sgd) {
      for (int epoch = 0; epoch < checkpoint.epochs(); epoch++, steps += stepsPerEpoch) {
        int[] order = startEpoch();
        for (int i = 0; i < stepsPerEpoch; i++) {
          batches.fill(pixels.clear(), order, from(i), to(i), epoch, random);
        }
      }
      Map<String, Tensor> tensors = checkpoint.state().tensors();
      try (NDManager scope = manager.newSubManager()) {
        var arrays = new ArrayList<NDArray>();
        var values = new ArrayList<NDArray>();
        arrays(sgd)
            .forEach(
                (name, array) -> {
                  arrays.add(array);
                  values.add(scope.create(tensors.get(name).values(), array.getShape()));
                });
        Ops.average(arrays, values, 1);
      }
      sgd.resume();
    }

    private int[] startEpoch() {
      batches.startEpoch();
      return Seed.permutation(batches.size(), random);
    }

    private int from(int step) {
      return step * recipe.batch();
    }

    private int to(int step) {
      return Math.min(from(step) + recipe.batch(), batches.size());
    }

    private double epoch(int epoch) {
      int[] order = startEpoch();
      double sum = 0;
      for (int i = 0; i < stepsPerEpoch; i++, steps++) {
        sum += step(order, from(i), to(i), epoch);
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
