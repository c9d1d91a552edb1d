package io.backdoorgrid.extractor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.data.batch.ContrastiveAugmentation;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.TorchThread;
import io.backdoorgrid.train.DivergedException;
import io.backdoorgrid.train.PlainSgd;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On images of three tints. */
@ExtendWith(TorchThread.class)
class SimClrTest {

  private static final ImageShape SHAPE = new ImageShape(8, 8, 3);
  private static final LabeledImages IMAGES = ToyImages.tinted(SHAPE, 48, 1);
  private static final Classifier.Design DESIGN =
      Classifiers.design(new TinyNet(16, 3, true), SHAPE, 3, Precision.FLOAT32);

  /** Crops and mirror images; colors stay. */
  private static final ContrastiveAugmentation CROPS =
      new ContrastiveAugmentation(0.3, 0.5, 0, 0, 0, 0, 0, 0, 0, 1, 1);

  @Test
  void hasThePapersSettingByDefault() {
    assertThat(new SimClr())
        .isEqualTo(
            new SimClr(
                new PlainSgd(100, 512, 0.4, 0.9, 1e-4),
                RateSchedule.COSINE,
                0.5,
                128,
                new ContrastiveAugmentation()));
  }

  @Test
  void seesTwoViewsOfEachImagePerEpoch() {
    assertThat(new SimClr().imagePasses(50)).isEqualTo(10_000);
  }

  /**
   * Of 32 views some ten are of one kind, which nothing tells apart: where they agree and the other
   * kinds are as far off as three can be, the loss is log(10 e^2 + 21 / e) - 2 = 2.4.
   */
  @Test
  void bringsFeaturesOfOneKindTogetherAndApartFromOthers() {
    try (Classifier network = Classifiers.fresh(DESIGN, "a1")) {
      double before = margin(network);
      List<Double> losses = train(simClr(12), network, IMAGES, "a1");
      assertThat(losses).hasSize(12);
      assertThat(losses.get(11)).isLessThan(losses.get(0) - 0.1);
      assertThat(margin(network)).isGreaterThan(before + 0.1);
    }
  }

  @Test
  void leavesTheHeadAloneAndNothingElse() {
    Map<String, float[]> before;
    try (Classifier network = Classifiers.fresh(DESIGN, "a1")) {
      before = Classifiers.values(network);
    }
    trained(simClr(1), IMAGES, "a1")
        .forEach(
            (name, values) -> {
              if (name.startsWith("linear")) {
                assertThat(values).as(name).isEqualTo(before.get(name));
              } else {
                assertThat(values).as(name).isNotEqualTo(before.get(name));
              }
            });
  }

  @Test
  void givesTheSameNetworkForTheSameSeed() {
    Map<String, float[]> first = trained(simClr(2), IMAGES, "a1");
    assertEqual(trained(simClr(2), IMAGES, "a1"), first);
    assertThat(trained(simClr(2), IMAGES, "a2").get("conv.weight"))
        .isNotEqualTo(first.get("conv.weight"));
  }

  @Test
  void variesViewsAsItsAugmentationSays() {
    var plain =
        new SimClr(
            new PlainSgd(1, 16, 0.1, 0.9, 1e-4),
            RateSchedule.COSINE,
            0.5,
            8,
            ContrastiveAugmentation.NONE);
    // Equal views: their similarity is 1 from the first step on, which crops never reach.
    try (Classifier one = Classifiers.fresh(DESIGN, "a1");
        Classifier other = Classifiers.fresh(DESIGN, "a1")) {
      double equal = train(plain, one, IMAGES, "a1").get(0);
      assertThat(train(simClr(1), other, IMAGES, "a1").get(0)).isGreaterThan(equal + 0.01);
    }
  }

  @Test
  void doesNotLookAtLabels() {
    int[] labels = IMAGES.labels().clone();
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (labels[i] + i) % 3;
    }
    assertThat(labels).isNotEqualTo(IMAGES.labels());
    var mislabelled = new LabeledImages(SHAPE, 3, IMAGES.pixels(), labels);
    assertEqual(trained(simClr(2), mislabelled, "a1"), trained(simClr(2), IMAGES, "a1"));
  }

  @Test
  void saysWhereItDiverged() {
    var wild = new SimClr(new PlainSgd(50, 16, 1e30, 0.9, 0), RateSchedule.CONSTANT, 0.5, 8, CROPS);
    assertThatThrownBy(() -> trained(wild, IMAGES, "a1"))
        .isInstanceOf(DivergedException.class)
        .hasMessageMatching("training diverged in epoch \\d+, step \\d+: the loss is NaN");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "schedule    | multi-step | schedule must be cosine, constant, one-cycle or triangular for"
            + " simclr",
        "projection  | 0          | projection must be at least 1, got 0",
        "batch       | 1          | batch must be at least 2, got 1",
        "epochs      | 0          | epochs must be at least 1, got 0",
        "temperature | 0          | temperature must be positive, got 0.0",
        "momentum    | 1          | momentum must be from 0 to below 1, got 1.0",
        "min-area    | 0          | min-area must be above 0 and at most 1, got 0.0",
      })
  void refusesImpossibleValues(String key, String value, String message) {
    Object given = key.equals("schedule") ? value : (Object) Long.valueOf(value);
    assertThatThrownBy(() -> Extractors.REGISTRY.create(new Spec("simclr", 1, Map.of(key, given))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static SimClr simClr(int epochs) {
    return new SimClr(new PlainSgd(epochs, 16, 0.1, 0.9, 1e-4), RateSchedule.COSINE, 0.5, 8, CROPS);
  }

  private static Map<String, float[]> trained(SimClr simClr, LabeledImages images, String seed) {
    try (Classifier network = Classifiers.fresh(DESIGN, "a1")) {
      train(simClr, network, images, seed);
      return Classifiers.values(network);
    }
  }

  /** The loss of each epoch. */
  private static List<Double> train(
      SimClr simClr, Classifier network, LabeledImages images, String seed) {
    List<Double> losses = new ArrayList<>();
    TrainingListener listener = (epoch, epochs, loss) -> losses.add(loss);
    simClr.train(network, images, new Seed(seed).stream("simclr"), listener);
    return losses;
  }

  /** How much larger the mean cosine is between images of one kind than of two. */
  private static double margin(Classifier network) {
    LabeledImages images = ToyImages.tinted(SHAPE, 30, 2);
    try (NDManager scope = network.manager().newSubManager()) {
      float[] features = network.features(scope, images).toFloatArray();
      double[] sums = new double[2];
      int[] counts = new int[2];
      for (int i = 0; i < images.size(); i++) {
        for (int j = 0; j < i; j++) {
          int same = images.labels()[i] == images.labels()[j] ? 1 : 0;
          sums[same] += cosine(features, i, j, network.dimension());
          counts[same]++;
        }
      }
      return sums[1] / counts[1] - sums[0] / counts[0];
    }
  }

  private static double cosine(float[] rows, int i, int j, int width) {
    double product = 0;
    double squares = 0;
    double others = 0;
    for (int c = 0; c < width; c++) {
      double x = rows[i * width + c];
      double y = rows[j * width + c];
      product += x * y;
      squares += x * x;
      others += y * y;
    }
    return product / Math.sqrt(squares * others);
  }

  private static void assertEqual(Map<String, float[]> actual, Map<String, float[]> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    actual.forEach((name, values) -> assertThat(values).as(name).isEqualTo(expected.get(name)));
  }
}
