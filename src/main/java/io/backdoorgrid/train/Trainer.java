package io.backdoorgrid.train;

import static io.backdoorgrid.algorithm.Checks.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.algorithm.RandomStream;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.AugmentedBatches;
import io.backdoorgrid.data.batch.Batches;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.SafeTensors.Tensor;
import io.backdoorgrid.torch.Stateful;
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

  private static final int WORD = 16;
  private static final String DRAWS = "draws";
  private static final String NETWORK = "network";
  private static final String AVERAGE = "average";
  private static final String MOMENTUM = "momentum";

  private static final String TOO_FEW = "training needs at least 2 images, got %d";

  private final Recipe recipe;
  private final TrainingListener listener;
  private final Checkpoints checkpoints;
  private final Map<String, Stateful> parts;

  public Trainer(Recipe recipe, TrainingListener listener) {
    this(recipe, listener, Checkpoints.NONE, Map.of());
  }

  /**
   * @param parts of each checkpoint, by name, beside the classifier and its averages: all that a
   *     step or the batches remember, and how far {@link #drawn random numbers} have come
   */
  public Trainer(
      Recipe recipe,
      TrainingListener listener,
      Checkpoints checkpoints,
      Map<String, Stateful> parts) {
    this.recipe = recipe;
    this.listener = listener;
    this.checkpoints = checkpoints;
    this.parts = parts;
  }

  /** How far a generator has come, as a part of checkpoints. */
  public static Stateful drawn(RandomStream random) {
    return new Stateful() {
      @Override
      public Map<String, Tensor> state() {
        // A float holds whole numbers of 24 bits.
        float[] words = new float[4];
        for (int i = 0; i < words.length; i++) {
          words[i] = random.draws() >>> WORD * i & (1 << WORD) - 1;
        }
        return Map.of(DRAWS, new Tensor(new long[] {words.length}, words));
      }

      @Override
      public void restore(Map<String, Tensor> state) {
        long draws = 0;
        float[] words = state.get(DRAWS).values();
        for (int i = 0; i < words.length; i++) {
          draws |= (long) words[i] << WORD * i;
        }
        random.skipTo(draws);
      }
    };
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
    train(
        classifier,
        batches,
        random,
        classifier.trainable(),
        Descent.crossEntropy(classifier, recipe.labelSmoothing()));
  }

  /**
   * As above, down another loss.
   *
   * @param weights that are moved
   */
  public void train(
      Classifier classifier,
      LabeledImages images,
      RandomGenerator random,
      List<NDArray> weights,
      Descent.Loss loss) {
    train(classifier, new AugmentedBatches(images, recipe.augmentation()), random, weights, loss);
  }

  private void train(
      Classifier classifier,
      Batches batches,
      RandomGenerator random,
      List<NDArray> weights,
      Descent.Loss loss) {
    try (NDManager manager = classifier.manager().newSubManager()) {
      var descent = new Descent(manager, weights, recipe, loss);
      var all = new LinkedHashMap<>(parts);
      all.put(MOMENTUM, descent);
      new Trainer(recipe, listener, checkpoints, all)
          .train(classifier, batches, random, classifier::input, descent);
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
      int done = 0;
      Optional<Checkpoint> latest = checkpoints.latest();
      if (latest.isPresent()) {
        done = latest.get().epochs();
        run.restore(latest.get());
      }
      run.epochs(done, epochs -> checkpoints.epochDone(epochs, run::state));
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

    private Map<String, Stateful> all() {
      var all = new LinkedHashMap<>(parts);
      all.put(NETWORK, Stateful.of(classifier.state()));
      all.put(AVERAGE, Stateful.of(Stateful.numbered("", averages)));
      return all;
    }

    /** All that differs from one step to the next. */
    SafeTensors state() {
      var tensors = new LinkedHashMap<String, Tensor>();
      all()
          .forEach(
              (part, stateful) ->
                  stateful
                      .state()
                      .forEach((name, tensor) -> tensors.put(part + "." + name, tensor)));
      return new SafeTensors(tensors);
    }

    /** Puts a training where it was after some epochs. */
    void restore(Checkpoint checkpoint) {
      all()
          .forEach(
              (part, stateful) -> stateful.restore(checkpoint.state().part(part + ".").tensors()));
      steps = checkpoint.epochs() * stepsPerEpoch;
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
