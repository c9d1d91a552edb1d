package io.backdoorgrid.defense.holder;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requirePositive;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.backdoorgrid.algorithm.AddedLater;
import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.defense.DataSizes;
import io.backdoorgrid.defense.FeatureDefense;
import io.backdoorgrid.defense.FeatureTraining;
import io.backdoorgrid.defense.training.MixedBatches;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Predictor;
import io.backdoorgrid.torch.Adam;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.Trainer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Hölder Iteration Defense (HID; "Hölder Pruning: Localized Pruning for Backdoor Removal in Deep
 * Neural Networks", section 3.2 and algorithm 3): trains a clean model on poisoned data alone.
 *
 * <p>It begins with features learned without labels (the grid's setting {@code extractor}: {@code
 * simclr} in the paper). Each iteration
 *
 * <ol>
 *   <li>trains a new head on the features of all images and prunes it by {@linkplain HolderPruning
 *       Hölder constants};
 *   <li>considers the images clean on which the head and the pruned head agree;
 *   <li>trains the features through the pruned head: with the labels of the clean images, and
 *       without those of the others, u, which should only be classified like their augmentation u':
 *       {@code CE(clean) + lambda * ||f(u) - f(u')||^2}.
 * </ol>
 *
 * <p>The paper prints 60 epochs for a head, 20 for the features (Adam, 0.002), and 512 pruned
 * neurons of 1,024 at first, 128 fewer with each iteration. It prints neither lambda nor the batch
 * size nor the space of f; a lambda of 1, batches of 64 and 64, and probabilities are our reading.
 * Its algorithm returns only the features; we return them with the last pruned head ({@code
 * last-head: retrain} trains and prunes one more on the last features).
 *
 * <p>The result of every iteration is stored; a trial that is killed resumes there.
 *
 * @param head how each head is trained
 * @param constants how sensitivity is measured
 * @param pruned neurons taken out of each iteration's head, 0 to {@code hidden}; as many numbers as
 *     iterations
 * @param mixEpochs epochs that train the features in each iteration, at least 1
 * @param mixBatch clean images per step, and as many others, at least 2
 * @param mixLearningRate Adam's, positive
 * @param lambda weight of the second term, not negative
 * @param consistency the space in which f(u) and f(u') are compared
 * @param stopGradient whether the second term has a gradient only through f(u')
 * @param moved which weights the third step trains
 * @param labelAgreement whether a clean image's label must also be what the pruned head says
 * @param lastHead what classifies the features in the end
 * @param crop pixels of black border before a random crop of clean images and of u', 0 for none
 * @param flip which of them are mirrored
 * @param clip as in {@link HolderPruning}
 * @param among of which neurons {@code pruned} gives numbers
 */
@Algorithm("hid")
public record HolderIteration(
    HeadTraining head,
    HolderConstants constants,
    List<Integer> pruned,
    int mixEpochs,
    int mixBatch,
    double mixLearningRate,
    double lambda,
    Consistency consistency,
    boolean stopGradient,
    Moved moved,
    boolean labelAgreement,
    LastHead lastHead,
    int crop,
    Augmentation.Flip flip,
    boolean clip,
    @AddedLater Among among)
    implements FeatureDefense {

  private static final String TRUSTED = "trusted";
  private static final String EXTRACTOR = "extractor.";
  private static final String HEAD = "head.";

  /** The part of a prediction that should be the same for an image and its augmentation. */
  public enum Consistency {
    PROBABILITIES,
    LOGITS
  }

  /** Of which neurons numbers are given. */
  public enum Among {
    /** Of all. */
    ALL,
    /** Of all, to be scaled down by the share of those that react to anything. */
    LIVE
  }

  /** What the third step trains. */
  public enum Moved {
    FEATURES,
    /** The pruned head as well; what is pruned stays so. */
    FEATURES_AND_HEAD
  }

  /** The head of the result. */
  public enum LastHead {
    /** The last iteration's, through which the features were trained. */
    TRAINED,
    /** A new one, trained and pruned like the last iteration's. */
    RETRAIN
  }

  public HolderIteration {
    require(!pruned.isEmpty(), "pruned must have a number for each iteration");
    pruned.forEach(
        count ->
            require(
                count >= 0 && count <= head.hidden(),
                "pruned must be from 0 to the %d that hidden gives, got %d",
                head.hidden(),
                count));
    require(lambda >= 0 && Double.isFinite(lambda), "lambda must not be negative, got %s", lambda);
    require(mixEpochs >= 1, "mix-epochs must be at least 1, got %d", mixEpochs);
    require(mixBatch >= 2, "mix-batch must be at least 2, got %d", mixBatch);
    requirePositive("mix-learning-rate", mixLearningRate);
    require(crop >= 0, "crop must not be negative, got %d", crop);
    pruned = List.copyOf(pruned);
  }

  /** The paper's setting, and our reading of what it leaves open. */
  public HolderIteration() {
    this(
        new HeadTraining(1024, 60, 256, 0.001),
        new HolderConstants(),
        List.of(512, 384, 256, 128),
        20,
        64,
        0.002,
        1,
        Consistency.PROBABILITIES,
        false,
        Moved.FEATURES,
        false,
        LastHead.TRAINED,
        4,
        Augmentation.Flip.RANDOM,
        false,
        Among.ALL);
  }

  /** Per image of the larger set three views pass, and features of all images are taken once. */
  @Override
  public double imagePasses(DataSizes sizes) {
    return pruned.size() * (3.0 * mixEpochs + 1.0 / 3) * sizes.training();
  }

  @Override
  public Predictor train(FeatureTraining training) {
    var state = new State(training, training.network());
    try {
      for (int i = 0; i < pruned.size(); i++) {
        state.split(i, pruned.get(i));
        state.mix(i);
        training.observe(i + 1, state.predictor(), state.trusted);
      }
      if (lastHead == LastHead.RETRAIN) {
        state.split(pruned.size(), pruned.get(pruned.size() - 1));
      }
      return state.predictor();
    } catch (RuntimeException | Error e) {
      state.close();
      throw e;
    }
  }

  private PruningRule rule(int neurons) {
    return among == Among.ALL
        ? new PruningRule.Count(neurons)
        : new PruningRule.LiveRatio((double) neurons / head.hidden());
  }

  private String phase(int iteration, String what) {
    return String.format(Locale.ROOT, "%s of iteration %d, %s", what, iteration + 1, this);
  }

  /** The state that iterations pass on. */
  private final class State implements AutoCloseable {
    private final FeatureTraining training;
    private final LabeledImages images;
    private Classifier extractor;
    private ScaledHead classifier;
    private boolean[] trusted;

    State(FeatureTraining training, Classifier extractor) {
      this.training = training;
      this.images = training.images();
      this.extractor = extractor;
    }

    /**
     * Steps 1 and 2: a pruned head, and the images on which it agrees with the head before pruning.
     */
    void split(int iteration, int neurons) {
      SafeTensors stored =
          training.once(phase(iteration, "head"), random -> prunedHead(neurons, random));
      classifier = ScaledHead.load(extractor.manager(), stored.part(HEAD), clip);
      float[] values = stored.tensors().get(TRUSTED).values();
      trusted = new boolean[values.length];
      for (int i = 0; i < values.length; i++) {
        trusted[i] = values[i] != 0;
      }
    }

    private SafeTensors prunedHead(int neurons, RandomGenerator random) {
      try (NDManager scope = extractor.manager().newSubManager()) {
        NDArray features = extractor.features(scope, images);
        ScaledHead trained =
            ScaledHead.train(head, features, images.labels(), images.classes(), clip, random);
        int[] before = trained.predictions(features);
        double[] scores =
            constants.of(
                trained.scale(features),
                trained.head().hidden().weight(),
                trained.head().hidden().bias(),
                random);
        trained.head().prune(rule(neurons).pruned(scores));
        int[] after = trained.predictions(features);

        float[] agreement = new float[before.length];
        for (int i = 0; i < agreement.length; i++) {
          boolean agrees =
              before[i] == after[i] && (!labelAgreement || after[i] == images.labels()[i]);
          agreement[i] = agrees ? 1 : 0;
        }
        var tensors = new LinkedHashMap<String, SafeTensors.Tensor>();
        tensors.put(TRUSTED, new SafeTensors.Tensor(new long[] {agreement.length}, agreement));
        tensors.putAll(trained.weights().under(HEAD));
        return new SafeTensors(tensors);
      }
    }

    /** Step 3: better features and, if it is trained, too, a better head. */
    void mix(int iteration) {
      SafeTensors stored =
          training.once(phase(iteration, "features"), random -> mixed(iteration, random));
      Classifier better = Classifier.load(extractor.design(), stored.part(EXTRACTOR));
      classifier = ScaledHead.load(better.manager(), stored.part(HEAD), clip);
      extractor.close();
      extractor = better;
    }

    private SafeTensors mixed(int iteration, RandomGenerator random) {
      LabeledImages clean = images.select(positions(true));
      if (clean.size() >= 2) {
        LabeledImages others = images.select(positions(false));
        var recipe =
            new Recipe(
                mixEpochs, mixBatch, mixLearningRate, 0, 0, RateSchedule.CONSTANT, crop, flip);
        var weights = new ArrayList<>(extractor.featureWeights());
        if (moved == Moved.FEATURES_AND_HEAD) {
          weights.addAll(classifier.head().trainable());
        }
        try (NDManager scope = extractor.manager().newSubManager()) {
          var adam = new Adam(scope, weights);
          new Trainer(recipe, training.progress("features of iteration " + (iteration + 1)))
              .train(
                  extractor,
                  new MixedBatches(clean, others, recipe.augmentation()),
                  random,
                  batch -> {
                    NDArray loss = Torch.recording(() -> loss(batch.input(), batch.labels()));
                    adam.step(loss, batch.learningRate());
                    return loss.getFloat();
                  });
        }
      }
      var tensors =
          new LinkedHashMap<String, SafeTensors.Tensor>(extractor.weights().under(EXTRACTOR));
      tensors.putAll(classifier.weights().under(HEAD));
      return new SafeTensors(tensors);
    }

    private int[] positions(boolean wanted) {
      return IntStream.range(0, trusted.length).filter(i -> trusted[i] == wanted).toArray();
    }

    /** Of a batch as {@link MixedBatches} makes it. */
    private NDArray loss(NDArray input, NDArray labels) {
      NDArray features = Ops.cast(extractor.features(input, true), Precision.FLOAT32);
      // Unclipped in any case: beyond the range no gradient would pass.
      NDArray logits = classifier.head().logits(classifier.scaling().apply(features));
      long count = labels.size();
      if (logits.getShape().get(0) == count) {
        return Ops.crossEntropy(logits, labels, 0);
      }
      NDArray loss = Ops.crossEntropy(logits.get(new NDIndex("0:{}", count)), labels, 0);
      NDArray compared = consistency == Consistency.PROBABILITIES ? logits.softmax(1) : logits;
      NDArray plain = compared.get(new NDIndex("{}:{}", count, 2 * count));
      NDArray varied = compared.get(new NDIndex("{}:", 2 * count));
      NDArray difference = varied.sub(stopGradient ? plain.stopGradient() : plain);
      NDArray squares = difference.square().sum(new int[] {1});
      return loss.add(Ops.scaled(squares, lambda).mean());
    }

    Predictor predictor() {
      return new FeatureClassifier(extractor, classifier);
    }

    @Override
    public void close() {
      extractor.close();
    }
  }
}
