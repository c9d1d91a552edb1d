package io.backdoorgrid.defense.holder;

import static io.backdoorgrid.defense.holder.HolderIterations.IMAGES;
import static io.backdoorgrid.defense.holder.HolderIterations.SHAPE;
import static io.backdoorgrid.defense.holder.HolderIterations.assertEqual;
import static io.backdoorgrid.defense.holder.HolderIterations.equal;
import static io.backdoorgrid.defense.holder.HolderIterations.extractor;
import static io.backdoorgrid.defense.holder.HolderIterations.hid;
import static io.backdoorgrid.defense.holder.HolderIterations.positions;
import static io.backdoorgrid.defense.holder.HolderIterations.pruned;
import static io.backdoorgrid.defense.holder.HolderIterations.prunedHead;
import static io.backdoorgrid.defense.holder.HolderIterations.train;
import static io.backdoorgrid.defense.holder.HolderIterations.training;
import static io.backdoorgrid.defense.holder.HolderIterations.untrained;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.data.batch.Augmentation.Flip;
import io.backdoorgrid.defense.DataSizes;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.defense.holder.HolderIteration.Consistency;
import io.backdoorgrid.defense.holder.HolderIteration.LastHead;
import io.backdoorgrid.defense.holder.HolderIteration.Moved;
import io.backdoorgrid.defense.holder.HolderIterations.Predicted;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.TorchThread;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On images of three tints, with features that no one has trained. */
@ExtendWith(TorchThread.class)
class HolderIterationTest {

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
                false,
                HolderIteration.Among.ALL));
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

  private static double accuracy(int[] predictions, LabeledImages images) {
    return positions(equal(predictions, images.labels()), true).length / (double) images.size();
  }
}
