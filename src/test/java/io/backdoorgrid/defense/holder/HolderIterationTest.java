package io.backdoorgrid.defense.holder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.data.batch.Augmentation.Flip;
import io.backdoorgrid.defense.DataSizes;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.defense.holder.HolderIteration.Consistency;
import io.backdoorgrid.defense.holder.HolderIteration.LastHead;
import io.backdoorgrid.defense.holder.HolderIteration.Moved;
import io.backdoorgrid.defense.training.MixedBatches;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Adam;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.SafeTensors.Tensor;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.Trainer;
import io.backdoorgrid.train.TrainingListener;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On images of three tints, with features that no one has trained. */
@ExtendWith(TorchThread.class)
class HolderIterationTest {

  private static final ImageShape SHAPE = new ImageShape(6, 6, 3);
  private static final LabeledImages IMAGES = ToyImages.tinted(SHAPE, 60, 1);
  private static final int HIDDEN = 32;

  /** What some images pass and some do not. */
  private static final List<Integer> MANY = List.of(18);

  private static final String FIRST_HEAD = "head of iteration 1,";
  private static final String FIRST_FEATURES = "features of iteration 1,";

  /** Weights that no one has trained, and batch-norm's running statistics of the images. */
  private static byte[] normalised;

  @BeforeAll
  static void normalise() {
    try (Classifier network = Classifiers.fresh(design(true), "g1")) {
      var recipe = new Recipe(30, 30, 1e-12, 0, 0, RateSchedule.CONSTANT, 0, Flip.NONE);
      new Trainer(recipe, TrainingListener.NONE)
          .train(network, IMAGES, new Seed("g1").stream("statistics"));
      normalised = network.weights().toBytes();
    }
  }

  @Test
  void hasThePapersSettingByDefault() {
    assertThat(new HolderIteration())
        .isEqualTo(
            new HolderIteration(
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
                Flip.RANDOM,
                false));
    assertThat(new HolderIteration().sharesWork()).isFalse();
  }

  /** Four times: 20 epochs of three views, and features of all images, a third of a pass. */
  @Test
  void costsThreePassesPerEpoch() {
    assertThat(new HolderIteration().imagePasses(new DataSizes(0, 30, 10)))
        .isEqualTo(4 * (60 * 30 + 10));
  }

  @Test
  void trustsEveryImageAndLearnsItsLabelWhereNothingIsPruned() {
    InMemoryTraining training = training();
    HolderIteration defense =
        hid(Map.of("pruned", List.of(0), "epochs", 2, "learning-rate", 0.001, "mix-epochs", 8));
    LabeledImages test = ToyImages.tinted(SHAPE, 60, 2);
    try (Predicted result = new Predicted(defense, training)) {
      assertThat(training.reports.get(0).trusted()).containsOnly(true);
      List<Double> losses = training.losses.get("features of iteration 1");
      assertThat(losses).hasSize(8);
      assertThat(losses.get(7)).isLessThan(0.8 * losses.get(0));
      double before = accuracy(untrained(training, test), test);
      assertThat(accuracy(result.predict(test), test)).isGreaterThan(before + 0.1);
    }
  }

  /** Bit by bit what any trainer does with Adam on the cross entropy, behind the same head. */
  @ParameterizedTest
  @EnumSource
  void isPlainSupervisedTrainingWhereNothingIsPruned(Moved moved) {
    InMemoryTraining training = training();
    String name = moved == Moved.FEATURES ? "features" : "features-and-head";
    train(hid(Map.of("pruned", List.of(0), "moved", name)), training);
    SafeTensors stored = training.result(FIRST_FEATURES);
    try (Classifier network = extractor(true)) {
      ScaledHead head =
          ScaledHead.load(network.manager(), training.result(FIRST_HEAD).part("head."), false);
      var weights = new ArrayList<>(network.featureWeights());
      if (moved == Moved.FEATURES_AND_HEAD) {
        weights.addAll(head.head().trainable());
      }
      var adam = new Adam(network.manager(), weights);
      new Trainer(
              new Recipe(2, 8, 0.01, 0, 0, RateSchedule.CONSTANT, 1, Flip.RANDOM),
              TrainingListener.NONE)
          .train(
              network,
              IMAGES,
              training.random(training.worked.get(1)),
              batch -> {
                NDArray loss =
                    Torch.recording(
                        () ->
                            Ops.crossEntropy(
                                head.logits(network.features(batch.input(), true)),
                                batch.labels(),
                                0));
                adam.step(loss, batch.learningRate());
                return loss.getFloat();
              });
      assertEqual(stored.part("extractor."), network.weights());
      assertEqual(stored.part("head."), head.weights());
    }
  }

  @Test
  void trustsTheImagesOfWhichHeadAndPrunedHeadSayTheSame() {
    InMemoryTraining training = training();
    HolderIteration defense = hid(Map.of());
    train(defense, training);
    boolean[] expected;
    try (Classifier network = extractor(true)) {
      RandomGenerator random = training.random(training.worked.get(0));
      NDArray features = network.features(network.manager(), IMAGES);
      ScaledHead head =
          ScaledHead.train(defense.head(), features, IMAGES.labels(), 3, false, random);
      int[] before = head.predictions(features);
      expected = equal(before, prunedHead(training, network).predictions(features));
    }
    assertThat(training.reports.get(0).trusted()).isEqualTo(expected).contains(true, false);
  }

  @Test
  void prunesAsManyNeuronsAsTheIterationSays() {
    InMemoryTraining training = training();
    train(hid(Map.of("pruned", List.of(18, 12, 6))), training);
    int[] counts = {18, 12, 6};
    for (int i = 1; i <= 3; i++) {
      for (String phase : new String[] {"head", "features"}) {
        SafeTensors stored = training.result(phase + " of iteration " + i + ",");
        assertThat(pruned(stored)).as("%s %d", phase, i).hasSize(counts[i - 1]);
      }
    }
  }

  @Test
  void showsWhatEachIterationGives() {
    InMemoryTraining training = training();
    try (Predicted result = new Predicted(hid(Map.of("pruned", List.of(18, 12, 6))), training)) {
      assertThat(training.reports)
          .extracting(InMemoryTraining.Report::iteration)
          .containsExactly(1, 2, 3);
      assertThat(training.reports.get(2).predictions()).isEqualTo(result.predict(IMAGES));
      assertThat(training.reports).allMatch(report -> report.trusted().length == 60);
      assertThat(training.losses.keySet())
          .containsExactly(
              "features of iteration 1", "features of iteration 2", "features of iteration 3");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"head of iteration 2", "features of iteration 2"})
  void goesOnWhereItWasKilled(String phase) {
    HolderIteration defense = hid(Map.of("pruned", List.of(18, 12, 6)));
    InMemoryTraining undisturbed = training();
    InMemoryTraining killed = training().killedAt(phase);
    assertThatThrownBy(() -> defense.train(killed)).isInstanceOf(InMemoryTraining.Killed.class);
    assertThat(killed.reports).hasSize(1);
    assertThat(killed.closed()).isTrue();

    InMemoryTraining resumed = killed.restarted();
    try (Predicted expected = new Predicted(defense, undisturbed);
        Predicted result = new Predicted(defense, resumed)) {
      assertEqual(result.extractor().weights(), expected.extractor().weights());
      assertEqual(result.head().weights(), expected.head().weights());
    }
    List<String> all = undisturbed.worked;
    assertThat(all).hasSize(6);
    assertThat(resumed.worked)
        .containsExactlyElementsOf(all.subList(phase.startsWith("head") ? 2 : 3, 6));
    for (int i = 0; i < 3; i++) {
      assertThat(resumed.reports.get(i))
          .usingRecursiveComparison()
          .isEqualTo(undisturbed.reports.get(i));
    }
  }

  @Test
  void repeatsNothingThatIsFinished() {
    HolderIteration defense = hid(Map.of("pruned", List.of(20, 12)));
    InMemoryTraining training = training();
    train(defense, training);
    InMemoryTraining later = training.restarted();
    train(defense, later);
    assertThat(later.worked).isEmpty();
    assertThat(later.reports).hasSize(2);
  }

  @Test
  void trainsTheFeaturesBehindAHeadThatStaysAsItIs() {
    InMemoryTraining training = training();
    try (Predicted result = new Predicted(hid(Map.of()), training);
        Classifier before = extractor(true)) {
      assertEqual(result.head().weights(), training.result(FIRST_HEAD).part("head."));
      Map<String, float[]> start = Classifiers.values(before);
      Classifiers.values(result.extractor())
          .forEach(
              (name, values) -> {
                if (name.startsWith("linear")) {
                  assertThat(values).as(name).isEqualTo(start.get(name));
                } else {
                  assertThat(values).as(name).isNotEqualTo(start.get(name));
                }
              });
    }
  }

  /** Neurons without weights have no gradient; Adam leaves them alone. */
  @Test
  void keepsPrunedNeuronsPrunedIfTheHeadMovesToo() {
    InMemoryTraining training = training();
    train(hid(Map.of("moved", "features-and-head")), training);
    SafeTensors before = training.result(FIRST_HEAD);
    SafeTensors after = training.result(FIRST_FEATURES);
    assertThat(pruned(after)).isEqualTo(pruned(before)).hasSize(18);
    assertThat(after.tensors().get("head.head.first.weight").values())
        .isNotEqualTo(before.tensors().get("head.head.first.weight").values());
    assertThat(after.tensors().get("head.head.second.bias").values())
        .isNotEqualTo(before.tensors().get("head.head.second.bias").values());
  }

  @Test
  void trainsOneMoreHeadOnTheLastFeaturesIfAsked() {
    InMemoryTraining training = training();
    HolderIteration defense = hid(Map.of("pruned", List.of(20, 12), "last-head", "retrain"));
    try (Predicted result = new Predicted(defense, training)) {
      assertThat(training.worked).hasSize(5);
      SafeTensors stored = training.result("head of iteration 3,");
      assertThat(pruned(stored)).hasSize(12);
      assertEqual(result.head().weights(), stored.part("head."));
      assertEqual(
          result.extractor().weights(),
          training.result("features of iteration 2,").part("extractor."));
      assertThat(training.reports).hasSize(2);
      // It was trained on what it is to classify, unlike the one before.
      NDArray features = result.extractor().features(result.extractor().manager(), IMAGES);
      float[] scaled = MinMax.of(features).apply(features).toFloatArray();
      assertThat(result.head().scale(features).toFloatArray()).isEqualTo(scaled);
    }
  }

  /** With nothing pruned, all would be trusted; a head of one epoch is wrong about some. */
  @Test
  void trustsOnlyImagesWhoseLabelThePrunedHeadSaysIfAsked() {
    InMemoryTraining training = training();
    train(hid(Map.of("pruned", List.of(0), "epochs", 1, "label-agreement", true)), training);
    int[] predictions = untrained(training, IMAGES);
    boolean[] trusted = training.reports.get(0).trusted();
    for (int i = 0; i < trusted.length; i++) {
      assertThat(trusted[i]).isEqualTo(predictions[i] == IMAGES.labels()[i]);
    }
    assertThat(trusted).contains(true, false);
  }

  /**
   * One step on all images, without batch-norm: its loss is the cross entropy of the trusted ones
   * plus half of the mean squared distance between what is said of the others and of their
   * augmentations.
   */
  @ParameterizedTest
  @EnumSource
  void addsTheDistanceBetweenAnImageAndItsAugmentation(Consistency consistency) {
    InMemoryTraining training = training(false).given(FIRST_HEAD, head(false, i -> i % 3 < 2));
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("mix-epochs", 1);
    settings.put("mix-batch", 100);
    settings.put("lambda", 0.5);
    settings.put("consistency", consistency == Consistency.LOGITS ? "logits" : "probabilities");
    settings.put("crop", 2);
    train(hid(settings), training);

    boolean[] trusted = training.reports.get(0).trusted();
    LabeledImages clean = IMAGES.select(positions(trusted, true));
    LabeledImages others = IMAGES.select(positions(trusted, false));
    assertThat(others.size()).isEqualTo(20);
    var batches = new MixedBatches(clean, others, new Augmentation(2, Flip.RANDOM));
    int count = batches.size();
    RandomGenerator random = training.random(training.worked.get(0));
    int[] order = Seed.permutation(count, random);
    ByteBuffer pixels = ByteBuffer.allocate(batches.bytes(count));
    batches.fill(pixels, order, 0, count, 0, random);
    var views = new LabeledImages(SHAPE, 3, pixels.array(), new int[3 * count]);
    double[][] logits;
    try (Classifier network = extractor(false)) {
      NDArray features = network.features(network.manager(), views);
      logits = rows(prunedHead(training, network).logits(features).toFloatArray());
    }
    long[] labels = batches.labels(order, 0, count);
    double entropy = 0;
    double distance = 0;
    for (int i = 0; i < count; i++) {
      entropy -= Math.log(softmax(logits[i])[(int) labels[i]]) / count;
      for (int c = 0; c < 3; c++) {
        double plain = said(consistency, logits[count + i])[c];
        double varied = said(consistency, logits[2 * count + i])[c];
        distance += (plain - varied) * (plain - varied) / count;
      }
    }
    assertThat(distance).isGreaterThan(1e-3);
    assertThat(training.losses.get("features of iteration 1").get(0))
        .isCloseTo(entropy + 0.5 * distance, within(1e-5));
  }

  /**
   * Without batch-norm and with lambda 0, images that are not trusted have no part in it; the head
   * and the split are given.
   */
  @ParameterizedTest
  @CsvSource({"0, true", "1, false"})
  void learnsFromUntrustedImagesByTheSecondTermAlone(double lambda, boolean same) {
    HolderIteration defense = hid(Map.of("lambda", lambda));
    SafeTensors head = head(false, i -> i < 40);
    LabeledImages changed = IMAGES.copy();
    for (int i = 40 * SHAPE.size(); i < changed.pixels().length; i++) {
      changed.pixels()[i] = (byte) (255 - changed.pixels()[i]);
    }
    assertThat(changed.pixels()).isNotEqualTo(IMAGES.pixels());
    InMemoryTraining one = training(false).given(FIRST_HEAD, head);
    InMemoryTraining other =
        new InMemoryTraining(changed, () -> extractor(false)).given(FIRST_HEAD, head);
    train(defense, one);
    train(defense, other);
    assertThat(Arrays.equals(kernels(other), kernels(one))).isEqualTo(same);
    assertThat(kernels(one)).isNotEqualTo(start());
  }

  /** The same loss at first, other gradients from then on; one step per epoch. */
  @Test
  void learnsFromTheAugmentedImageAloneIfGradientsStop() {
    SafeTensors head = head(false, i -> i < 40);
    List<List<Double>> losses = new ArrayList<>();
    for (boolean stop : new boolean[] {false, true}) {
      var settings = new LinkedHashMap<String, Object>();
      settings.put("mix-epochs", 10);
      settings.put("mix-batch", 100);
      settings.put("consistency", "logits");
      settings.put("lambda", 10);
      settings.put("crop", 0);
      settings.put("flip", "alternating");
      settings.put("stop-gradient", stop);
      InMemoryTraining training = training(false).given(FIRST_HEAD, head);
      train(hid(settings), training);
      losses.add(training.losses.get("features of iteration 1"));
    }
    assertThat(losses.get(1).get(0)).isCloseTo(losses.get(0).get(0), within(1e-5));
    assertThat(Math.abs(losses.get(1).get(9) - losses.get(0).get(9))).isGreaterThan(1e-3);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void leavesTheFeaturesAsTheyAreWithFewerThanTwoTrustedImages(int count) {
    InMemoryTraining training = training().given(FIRST_HEAD, head(true, i -> i < count));
    try (Predicted result = new Predicted(hid(Map.of()), training);
        Classifier before = extractor(true)) {
      assertEqual(result.extractor().weights(), before.weights());
      assertThat(training.losses).isEmpty();
      assertThat(training.reports).hasSize(1);
      assertThat(positions(training.reports.get(0).trusted(), true)).hasSize(count);
    }
  }

  @Test
  void givesTheSameForTheSameSeed() {
    HolderIteration defense = hid(Map.of("pruned", List.of(20, 12)));
    try (Predicted one = new Predicted(defense, training());
        Predicted same = new Predicted(defense, training())) {
      assertEqual(same.extractor().weights(), one.extractor().weights());
      assertEqual(same.head().weights(), one.head().weights());
    }
  }

  @Test
  void leavesTheImagesAsTheyAre() {
    InMemoryTraining training = training();
    String before = IMAGES.digest();
    train(hid(Map.of()), training);
    assertThat(IMAGES.digest()).isEqualTo(before);
  }

  @Test
  void worksInBfloat16() {
    var design = Classifiers.design(new TinyNet(8, 3, true), SHAPE, 3, Precision.BFLOAT16);
    var training = new InMemoryTraining(IMAGES, () -> Classifiers.fresh(design, "g1"));
    try (Predicted result = new Predicted(hid(Map.of()), training)) {
      assertThat(result.extractor().design().precision()).isEqualTo(Precision.BFLOAT16);
      assertThat(training.losses.get("features of iteration 1")).allMatch(Double::isFinite);
    }
  }

  @Test
  void closesAllThatItMade() {
    InMemoryTraining training = training();
    var result = new Predicted(hid(Map.of("pruned", List.of(20, 12), "clip", true)), training);
    assertThat(result.head().clip()).isTrue();
    assertThat(training.closed()).isTrue();
    assertThat(result.extractor().manager().isOpen()).isTrue();
    result.close();
    assertThat(result.extractor().manager().isOpen()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hidden            | 100 | pruned must be from 0 to the 100 that hidden gives, got 512",
        "lambda            | -1  | lambda must not be negative, got -1.0",
        "mix-epochs        | 0   | mix-epochs must be at least 1, got 0",
        "mix-batch         | 1   | mix-batch must be at least 2, got 1",
        "mix-learning-rate | 0   | mix-learning-rate must be positive, got 0.0",
        "crop              | -1  | crop must not be negative, got -1",
        "epochs            | 0   | epochs must be at least 1, got 0",
        "alpha             | 2   | alpha must be above 0 and at most 1, got 2.0",
      })
  void refusesImpossibleValues(String key, long value, String message) {
    assertRefused(Map.of(key, value), message);
  }

  @Test
  void refusesImpossibleNumbersOfPrunedNeurons() {
    assertRefused(Map.of("pruned", List.of()), "pruned must have a number for each iteration");
    assertRefused(
        Map.of("pruned", List.of(3, -1)),
        "pruned must be from 0 to the 1024 that hidden gives, got -1");
    assertRefused(
        Map.of("pruned", List.of(3, 1025)),
        "pruned must be from 0 to the 1024 that hidden gives, got 1025");
  }

  private static void assertRefused(Map<String, Object> given, String message) {
    assertThatThrownBy(() -> Defenses.REGISTRY.create(new Spec("hid", 1, given)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  /** A head of which 18 neurons were pruned, and a split by hand. */
  private static SafeTensors head(boolean batchNorm, IntPredicate trusted) {
    InMemoryTraining training = training(batchNorm).killedAt(FIRST_FEATURES);
    assertThatThrownBy(() -> hid(Map.of()).train(training))
        .isInstanceOf(InMemoryTraining.Killed.class);
    var tensors = new LinkedHashMap<String, Tensor>(training.result(FIRST_HEAD).tensors());
    float[] split = new float[IMAGES.size()];
    for (int i = 0; i < split.length; i++) {
      split[i] = trusted.test(i) ? 1 : 0;
    }
    tensors.put("trusted", new Tensor(new long[] {split.length}, split));
    return new SafeTensors(tensors);
  }

  /** What the first iteration made of the convolution. */
  private static float[] kernels(InMemoryTraining training) {
    return training.result(FIRST_FEATURES).tensors().get("extractor.conv.weight").values();
  }

  private static float[] start() {
    try (Classifier network = extractor(false)) {
      return Classifiers.values(network).get("conv.weight");
    }
  }

  private static HolderIteration hid(Map<String, Object> given) {
    var settings = new LinkedHashMap<String, Object>();
    settings.put("hidden", HIDDEN);
    settings.put("pruned", MANY);
    settings.put("epochs", 40);
    settings.put("batch", 16);
    settings.put("learning-rate", 0.01);
    settings.put("mix-epochs", 2);
    settings.put("mix-batch", 8);
    settings.put("mix-learning-rate", 0.01);
    settings.put("crop", 1);
    settings.putAll(given);
    return (HolderIteration) Defenses.REGISTRY.create(new Spec("hid", 1, settings));
  }

  private static Classifier.Design design(boolean batchNorm) {
    return Classifiers.design(new TinyNet(8, 3, batchNorm), SHAPE, 3, Precision.FLOAT32);
  }

  private static Classifier extractor(boolean batchNorm) {
    return batchNorm
        ? Classifier.load(design(true), SafeTensors.parse(normalised))
        : Classifiers.fresh(design(false), "g1");
  }

  private static InMemoryTraining training() {
    return training(true);
  }

  private static InMemoryTraining training(boolean batchNorm) {
    return new InMemoryTraining(IMAGES, () -> extractor(batchNorm));
  }

  private static void train(HolderIteration defense, InMemoryTraining training) {
    defense.train(training).close();
  }

  /** What a defense gave, and what is in it. */
  private static final class Predicted implements AutoCloseable {
    private final FeatureClassifier result;

    Predicted(HolderIteration defense, InMemoryTraining training) {
      result = (FeatureClassifier) defense.train(training);
    }

    int[] predict(LabeledImages images) {
      return result.predict(images);
    }

    Classifier extractor() {
      return (Classifier) result.extractor();
    }

    ScaledHead head() {
      return result.head();
    }

    @Override
    public void close() {
      result.close();
    }
  }

  /** The first iteration's, as it was stored. */
  private static ScaledHead prunedHead(InMemoryTraining training, Classifier network) {
    SafeTensors stored = training.result(FIRST_HEAD).part("head.");
    return ScaledHead.load(network.manager(), stored, false);
  }

  /** What the first pruned head says of the features that no one has trained. */
  private static int[] untrained(InMemoryTraining training, LabeledImages images) {
    try (Classifier network = extractor(true)) {
      NDArray features = network.features(network.manager(), images);
      return prunedHead(training, network).predictions(features);
    }
  }

  private static double accuracy(int[] predictions, LabeledImages images) {
    return positions(equal(predictions, images.labels()), true).length / (double) images.size();
  }

  private static boolean[] equal(int[] one, int[] other) {
    boolean[] equal = new boolean[one.length];
    for (int i = 0; i < equal.length; i++) {
      equal[i] = one[i] == other[i];
    }
    return equal;
  }

  private static int[] positions(boolean[] trusted, boolean wanted) {
    return IntStream.range(0, trusted.length).filter(i -> trusted[i] == wanted).toArray();
  }

  /** The hidden neurons without weights and bias. */
  private static List<Integer> pruned(SafeTensors stored) {
    float[] weights = stored.tensors().get("head.head.first.weight").values();
    float[] biases = stored.tensors().get("head.head.first.bias").values();
    int width = weights.length / biases.length;
    return IntStream.range(0, biases.length)
        .filter(
            i ->
                biases[i] == 0
                    && IntStream.range(i * width, (i + 1) * width).allMatch(j -> weights[j] == 0))
        .boxed()
        .toList();
  }

  private static double[][] rows(float[] logits) {
    double[][] rows = new double[logits.length / 3][3];
    for (int i = 0; i < logits.length; i++) {
      rows[i / 3][i % 3] = logits[i];
    }
    return rows;
  }

  private static double[] said(Consistency consistency, double[] logits) {
    return consistency == Consistency.LOGITS ? logits : softmax(logits);
  }

  private static double[] softmax(double[] logits) {
    double sum = Arrays.stream(logits).map(Math::exp).sum();
    return Arrays.stream(logits).map(logit -> Math.exp(logit) / sum).toArray();
  }

  private static void assertEqual(SafeTensors actual, SafeTensors expected) {
    assertThat(actual.tensors().keySet()).isEqualTo(expected.tensors().keySet());
    actual
        .tensors()
        .forEach(
            (name, tensor) ->
                assertThat(tensor.values())
                    .as(name)
                    .isEqualTo(expected.tensors().get(name).values()));
  }
}
