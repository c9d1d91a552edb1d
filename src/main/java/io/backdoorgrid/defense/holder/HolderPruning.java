package io.backdoorgrid.defense.holder;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requireShare;
import static io.backdoorgrid.algorithm.Hyperparameters.with;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.defense.DataSizes;
import io.backdoorgrid.defense.FeatureDefense;
import io.backdoorgrid.defense.FeatureTraining;
import io.backdoorgrid.defense.holder.PruningRule.Density.Edge;
import io.backdoorgrid.model.FeatureExtractor;
import io.backdoorgrid.model.Predictor;
import io.backdoorgrid.model.head.MlpHead;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Hölder Pruning (HP; "Hölder Pruning: Localized Pruning for Backdoor Removal in Deep Neural
 * Networks", section 3.1 and algorithm 2): behind a clean feature extractor, which is left as it
 * is, the backdoor can only be in the head. A head with one hidden layer is trained on the features
 * of the poisoned images, scaled to [0, 1]; the hidden neurons with the largest {@linkplain
 * HolderConstants Hölder constants} carry the trigger and are pruned. No clean data and no
 * fine-tuning are needed.
 *
 * <p>The extractor is the grid's setting {@code extractor}. The number of neurons depends on it:
 * the paper prints none for HP alone; 512 of 1,024 is the first number of its iterative version,
 * for features of at least 512 dimensions. With fewer features, fewer neurons can be pruned. {@code
 * neurons: 0} is the undefended head.
 *
 * <p>The other scores put the paper's rivals on the same head (its figure 5 and section A.15).
 *
 * @param head how the head is trained: 1,024 neurons, 100 epochs at 0.001 in the paper
 * @param constants how sensitivity is measured
 * @param score by which neurons are ranked; the largest are pruned first
 * @param rule how the number of pruned neurons is chosen
 * @param neurons for {@code rule: count}: p in the paper, 0 to {@code hidden}
 * @param ratio for {@code rule: ratio}: a share of the neurons, 0 to 1; for {@code rule: live}: of
 *     those that react to anything, whose score is above 0
 * @param threshold for {@code rule: threshold}: the highest score that is kept
 * @param tail for {@code rule: density} and {@code rule: plateau}: a plateau of the scores'
 *     histogram, which appendix A.8 describes, ends where a bar is lower than this share of it;
 *     above 0 and at most 1
 * @param clip whether test images' features beyond the training images' range are clipped to it;
 *     the paper does not say
 */
@Algorithm("hp")
public record HolderPruning(
    HeadTraining head,
    HolderConstants constants,
    Score score,
    Rule rule,
    int neurons,
    double ratio,
    double threshold,
    double tail,
    boolean clip)
    implements FeatureDefense {

  private static final String SCORES = "scores";

  /** The score by which neurons of the backdoor are recognized. */
  public enum Score {
    /** The Hölder constant. */
    HOLDER,
    /**
     * The sum of absolute incoming weights, to which the constant is proportional far from all
     * edges.
     */
    L1,
    /** The Euclidean norm of the incoming weights, as CLP would rank a head's neurons. */
    L2,
    /** Minus the mean activation over the training images, as Fine-Pruning would. */
    INACTIVITY
  }

  /** How the number of pruned neurons is chosen. */
  public enum Rule {
    /** The number {@code neurons}. */
    COUNT,
    /** The share {@code ratio} of all. */
    RATIO,
    /** All above {@code threshold}. */
    THRESHOLD,
    /** The tail above the plateau. */
    DENSITY,
    /** The plateau and the tail: as many as accuracy allows, by appendix A.8. */
    PLATEAU,
    /** The share {@code ratio} of the live ones. */
    LIVE
  }

  public HolderPruning {
    require(
        neurons >= 0 && (rule != Rule.COUNT || neurons <= head.hidden()),
        "neurons must be from 0 to the %d that hidden gives, got %d",
        head.hidden(),
        neurons);
    require(
        !Set.of(Rule.DENSITY, Rule.PLATEAU, Rule.LIVE).contains(rule) || score != Score.INACTIVITY,
        "rule: %s needs scores that are not negative, unlike inactivity's",
        rule.name().toLowerCase(Locale.ROOT));
    requireShare("ratio", ratio);
    require(!Double.isNaN(threshold), "threshold must be a number");
    require(tail > 0 && tail <= 1, "tail must be above 0 and at most 1, got %s", tail);
  }

  /** The paper's head, and our reading of what it leaves open. */
  public HolderPruning() {
    this(
        new HeadTraining(1024, 100, 256, 0.001),
        new HolderConstants(),
        Score.HOLDER,
        Rule.COUNT,
        512,
        0.5,
        1,
        0.1,
        false);
  }

  /** Features, for the head and for the scores, take a third of a training step each. */
  @Override
  public double imagePasses(DataSizes sizes) {
    return 2.0 / 3 * sizes.training();
  }

  @Override
  public boolean sharesWork() {
    return true;
  }

  @Override
  public Predictor train(FeatureTraining training) {
    FeatureExtractor extractor = training.features();
    try {
      ScaledHead trained = head(training, extractor);
      trained.head().prune(pruning().pruned(scores(training, extractor, trained)));
      return new FeatureClassifier(extractor, trained);
    } catch (RuntimeException | Error e) {
      extractor.close();
      throw e;
    }
  }

  /** The trained head before pruning; the caller closes it. */
  public RankedHead ranked(FeatureTraining training) {
    FeatureExtractor extractor = training.features();
    try {
      ScaledHead trained = head(training, extractor);
      return new RankedHead(extractor, trained, scores(training, extractor, trained));
    } catch (RuntimeException | Error e) {
      extractor.close();
      throw e;
    }
  }

  /** The same with any number of pruned neurons: all such trials share a {@link RankedHead}. */
  public HolderPruning unpruned() {
    return with(this, Map.of("rule", "count", "neurons", 0));
  }

  private ScaledHead head(FeatureTraining training, FeatureExtractor extractor) {
    NDManager manager = extractor.manager();
    LabeledImages images = training.images();
    SafeTensors stored =
        training.once(
            head.toString(),
            random -> {
              try (NDManager scope = manager.newSubManager()) {
                NDArray features = extractor.features(scope, images);
                return ScaledHead.train(
                        head, features, images.labels(), images.classes(), clip, random)
                    .weights();
              }
            });
    return ScaledHead.load(manager, stored, clip);
  }

  private double[] scores(
      FeatureTraining training, FeatureExtractor extractor, ScaledHead trained) {
    String what = score + " scores, " + (score == Score.HOLDER ? constants + ", " : "") + head;
    SafeTensors stored =
        training.once(
            what,
            random -> {
              double[] scores = scores(extractor, training.images(), trained, random);
              return new SafeTensors(Map.of(SCORES, tensor(scores)));
            });
    return doubles(stored.tensors().get(SCORES).values());
  }

  private double[] scores(
      FeatureExtractor extractor,
      LabeledImages images,
      ScaledHead trained,
      RandomGenerator random) {
    MlpHead neurons = trained.head();
    NDArray weights = neurons.hidden().weight();
    int[] inputs = {1};
    try (NDManager scope = extractor.manager().newSubManager()) {
      return switch (score) {
        case L1 -> doubles(weights.abs().sum(inputs).toFloatArray());
        case L2 -> doubles(weights.square().sum(inputs).sqrt().toFloatArray());
        case HOLDER ->
            constants.of(
                trained.scale(extractor.features(scope, images)),
                weights,
                neurons.hidden().bias(),
                random);
        case INACTIVITY -> {
          double[] activity = trained.activity(extractor.features(scope, images));
          yield Arrays.stream(activity).map(mean -> -mean).toArray();
        }
      };
    }
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }

  private static SafeTensors.Tensor tensor(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return new SafeTensors.Tensor(new long[] {floats.length}, floats);
  }

  private PruningRule pruning() {
    return switch (rule) {
      case COUNT -> new PruningRule.Count(neurons);
      case RATIO -> new PruningRule.Ratio(ratio);
      case THRESHOLD -> new PruningRule.Threshold(threshold);
      case DENSITY -> new PruningRule.Density(Edge.UPPER, tail);
      case PLATEAU -> new PruningRule.Density(Edge.LOWER, tail);
      case LIVE -> new PruningRule.LiveRatio(ratio);
    };
  }
}
