package io.backdoorgrid.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.data.batch.AugmentedBatches;
import io.backdoorgrid.data.batch.Batches;
import io.backdoorgrid.data.batch.ContrastiveAugmentation;
import io.backdoorgrid.data.batch.ContrastiveViews;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.ResNet18;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.SafeTensors.Tensor;
import io.backdoorgrid.torch.TorchThread;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TorchThread.class)
class TrainerTest {

  private static final ImageShape SHAPE = new ImageShape(6, 6, 3);
  private static final Map<String, Object> PLAIN =
      Map.of("epochs", 1, "batch", 8, "schedule", "constant", "crop", 0, "flip", "none");

  private static final Classifier.Design TINY =
      Classifiers.design(new TinyNet(8, 3, true), SHAPE, 3, Precision.FLOAT32);

  @ParameterizedTest
  @EnumSource
  void givesTheSameWeightsBitByBitForTheSameSeed(Precision precision) {
    var design = Classifiers.design(new ResNet18(4), SHAPE, 3, precision);
    LabeledImages images = ToyImages.tinted(SHAPE, 45, 1);
    Map<String, Object> settings =
        Map.of("epochs", 2, "batch", 16, "crop", 1, "averaging", 0.5, "label-smoothing", 0.1);
    Map<String, float[]> first = trained(design, images, settings, "a1");
    assertEqual(trained(design, images, settings, "a1"), first);
    assertThat(trained(design, images, settings, "a2").get("conv1.weight"))
        .isNotEqualTo(first.get("conv1.weight"));
  }

  @ParameterizedTest
  @EnumSource
  void learnsToTellColours(Precision precision) {
    var design = Classifiers.design(new TinyNet(8, 3, true), SHAPE, 3, precision);
    Map<String, Object> settings = new LinkedHashMap<>(PLAIN);
    settings.put("epochs", 6);
    List<Double> losses = new ArrayList<>();
    try (Classifier classifier = Classifiers.fresh(design, "a1")) {
      new Trainer(recipe(settings), (epoch, epochs, loss) -> losses.add(loss))
          .train(classifier, ToyImages.tinted(SHAPE, 120, 1), new Seed("a1").stream("train"));
      LabeledImages test = ToyImages.tinted(SHAPE, 60, 2);
      assertThat(classifier.predict(test)).isEqualTo(test.labels());
    }
    assertThat(losses).hasSize(6);
    assertThat(losses.get(5)).isLessThan(losses.get(0) / 4);
  }

  @Test
  void reportsEveryEpoch() {
    List<String> reports = new ArrayList<>();
    Map<String, Object> settings = new LinkedHashMap<>(PLAIN);
    settings.put("epochs", 3);
    try (Classifier classifier = Classifiers.fresh(TINY, "a1")) {
      new Trainer(recipe(settings), (epoch, epochs, loss) -> reports.add(epoch + "/" + epochs))
          .train(classifier, ToyImages.tinted(SHAPE, 16, 1), new Seed("a1").stream("train"));
    }
    assertThat(reports).containsExactly("1/3", "2/3", "3/3");
  }

  /** Without a batch-norm, a step of a million makes logits whose difference overflows. */
  @Test
  void saysWhereItDiverged() {
    var design = Classifiers.design(new TinyNet(8, 3, false), SHAPE, 3, Precision.FLOAT32);
    Map<String, Object> settings = new LinkedHashMap<>(PLAIN);
    settings.put("learning-rate", 1e6);
    settings.put("epochs", 100);
    assertThatThrownBy(() -> trained(design, ToyImages.tinted(SHAPE, 32, 1), settings, "a1"))
        .isInstanceOf(DivergedException.class)
        .hasMessageMatching(
            "training diverged in epoch \\d+, step \\d+: the loss is (NaN|Infinity)");
  }

  @Test
  void countsEpochsAndStepsFromOne() {
    assertThat(new DivergedException(0, 0, "the loss", Double.NaN))
        .hasMessage("training diverged in epoch 1, step 1: the loss is NaN");
  }

  /** After one step from w to w', three quarters of w and a quarter of w'; also of statistics. */
  @Test
  void averagesWeightsAndStatisticsOverSteps() {
    LabeledImages images = ToyImages.tinted(SHAPE, 8, 1);
    Map<String, Object> averaged = new LinkedHashMap<>(PLAIN);
    averaged.put("averaging", 0.75);
    Map<String, float[]> start = fresh("a1");
    Map<String, float[]> last = trained(TINY, images, PLAIN, "a1");
    Map<String, float[]> average = trained(TINY, images, averaged, "a1");
    assertThat(average.keySet()).contains("conv.weight", "norm.running_mean", "linear.bias");
    average.forEach(
        (name, values) -> {
          float[] expected = new float[values.length];
          for (int i = 0; i < values.length; i++) {
            expected[i] = 0.75f * start.get(name)[i] + 0.25f * last.get(name)[i];
          }
          assertThat(values).as(name).containsExactly(expected, within(1e-6f));
          assertThat(values).as(name).isNotEqualTo(last.get(name));
        });
  }

  @Test
  void movesOnlyStatisticsAtATinyLearningRate() {
    Map<String, Object> settings = new LinkedHashMap<>(PLAIN);
    settings.put("learning-rate", 1e-9);
    Map<String, float[]> start = fresh("a1");
    trained(TINY, ToyImages.tinted(SHAPE, 32, 1), settings, "a1")
        .forEach(
            (name, values) -> {
              if (name.contains("running")) {
                assertThat(values).as(name).isNotEqualTo(start.get(name));
              } else {
                assertThat(values).as(name).containsExactly(start.get(name), within(1e-6f));
              }
            });
  }

  /**
   * The kernel 1 on white images gives 1 everywhere. Each step moves the running mean a tenth of
   * the way: 0.1 after one step, 0.19 after two.
   */
  @ParameterizedTest
  @CsvSource({"4, 0.1", "5, 0.1", "6, 0.19", "7, 0.19", "8, 0.19"})
  void dropsALastBatchOfOneImage(int count, float mean) {
    var shape = new ImageShape(2, 2, 1);
    var design = Classifiers.design(new TinyNet(1, 1, true), shape, 1, Precision.FLOAT32);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    try (Classifier any = Classifiers.fresh(design, "a1")) {
      weights.putAll(any.weights().tensors());
    }
    weights.put("conv.weight", new Tensor(new long[] {1, 1, 1, 1}, new float[] {1}));
    Map<String, Object> settings = new LinkedHashMap<>(PLAIN);
    settings.put("batch", 4);
    settings.put("learning-rate", 1e-9);
    try (Classifier classifier = Classifier.load(design, new SafeTensors(weights))) {
      new Trainer(recipe(settings), TrainingListener.NONE)
          .train(
              classifier,
              ToyImages.constant(shape, 1, 255, new int[count]),
              new Seed("a1").stream("train"));
      assertThat(Classifiers.values(classifier).get("norm.running_mean"))
          .containsExactly(new float[] {mean}, within(1e-6f));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void refusesTooFewImages(int count) {
    assertThatThrownBy(() -> trained(TINY, ToyImages.tinted(SHAPE, count, 1), PLAIN, "a1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("training needs at least 2 images, got " + count);
  }

  @Test
  void handsAStepWhateverIsMadeOfTheBytes() {
    LabeledImages images = ToyImages.constant(SHAPE, 3, 7, 0, 1, 2, 0);
    List<Long> lengths = new ArrayList<>();
    try (Classifier classifier = Classifiers.fresh(TINY, "a1")) {
      new Trainer(recipe(PLAIN), TrainingListener.NONE)
          .train(
              classifier,
              new AugmentedBatches(images, Augmentation.NONE),
              new Seed("a1").stream("train"),
              (scope, pixels) ->
                  scope.create(pixels, new Shape(pixels.remaining()), DataType.UINT8),
              batch -> {
                assertThat(batch.input().toUint8Array()).containsOnly(7);
                lengths.add(batch.input().size());
                return 1;
              });
    }
    assertThat(lengths).containsExactly(4L * SHAPE.size());
  }

  /** Five images by two, with two equal views: two steps in each epoch, the fifth is left out. */
  @Test
  void handsAStepAllViewsOfItsBatchAndOneLabelPerImage() {
    LabeledImages images = ToyImages.tinted(SHAPE, 5, 1);
    Map<String, Object> settings = new LinkedHashMap<>(PLAIN);
    settings.put("batch", 2);
    settings.put("epochs", 3);
    List<Integer> epochs = new ArrayList<>();
    try (Classifier classifier = Classifiers.fresh(TINY, "a1")) {
      new Trainer(recipe(settings), TrainingListener.NONE)
          .train(
              classifier,
              new ContrastiveViews(images, ContrastiveAugmentation.NONE),
              new Seed("a1").stream("train"),
              batch -> {
                NDArray input = batch.input();
                assertThat(input.getShape()).isEqualTo(new Shape(4, 3, 6, 6));
                assertThat(input.get("0:2").toFloatArray())
                    .isEqualTo(input.get("2:4").toFloatArray());
                assertThat(batch.images()).isEqualTo(2);
                for (int i = 0; i < 2; i++) {
                  assertThat(brightest(input.get(i))).isEqualTo(batch.labels().getLong(i));
                }
                epochs.add(batch.epoch());
                return 1;
              });
    }
    assertThat(epochs).containsExactly(0, 0, 1, 1, 2, 2);
  }

  /** Each image is as bright as its position says. */
  @Test
  void tellsAStepWhichImagesItsBatchHolds() {
    var shape = new ImageShape(1, 1, 1);
    var images = new LabeledImages(shape, 7, new byte[] {0, 1, 2, 3, 4, 5, 6}, new int[7]);
    var design = Classifiers.design(new TinyNet(1, 1, true), shape, 7, Precision.FLOAT32);
    Map<String, Object> settings = new LinkedHashMap<>(PLAIN);
    settings.put("batch", 3);
    settings.put("epochs", 2);
    List<Integer> seen = new ArrayList<>();
    List<Integer> steps = new ArrayList<>();
    try (Classifier classifier = Classifiers.fresh(design, "a1")) {
      new Trainer(recipe(settings), TrainingListener.NONE)
          .train(
              classifier,
              images,
              new Seed("a1").stream("train"),
              batch -> {
                for (int i = 0; i < batch.images(); i++) {
                  assertThat(batch.input().get(i).toFloatArray())
                      .containsExactly(new float[] {batch.positions()[i] / 255f}, within(1e-6f));
                  seen.add(batch.positions()[i]);
                }
                steps.add(batch.step());
                return 1;
              });
    }
    assertThat(seen.subList(0, 6)).doesNotHaveDuplicates().isSubsetOf(0, 1, 2, 3, 4, 5, 6);
    assertThat(seen.subList(6, 12)).doesNotHaveDuplicates().isNotEqualTo(seen.subList(0, 6));
    assertThat(steps).containsExactly(0, 1, 2, 3);
  }

  @Test
  void tellsAListenerOfEveryStepAndEpoch() {
    List<String> told = new ArrayList<>();
    var listener =
        new TrainingListener() {
          @Override
          public void epochDone(int epoch, int epochs, double loss) {
            told.add("epoch %d of %d: %s".formatted(epoch, epochs, loss));
          }

          @Override
          public void stepDone(Batch batch, double loss) {
            told.add("step %d, %d images: %s".formatted(batch.step(), batch.images(), loss));
          }
        };
    Map<String, Object> settings = new LinkedHashMap<>(PLAIN);
    settings.put("batch", 4);
    settings.put("epochs", 2);
    try (Classifier classifier = Classifiers.fresh(TINY, "a1")) {
      new Trainer(recipe(settings), listener.within(3, 5))
          .train(
              classifier,
              ToyImages.tinted(SHAPE, 6, 1),
              new Seed("a1").stream("train"),
              batch -> batch.step());
    }
    assertThat(told)
        .containsExactly(
            "step 0, 4 images: 0.0",
            "step 1, 2 images: 1.0",
            "epoch 4 of 5: 0.5",
            "step 2, 4 images: 2.0",
            "step 3, 2 images: 3.0",
            "epoch 5 of 5: 2.5");
  }

  @Test
  void tellsBatchesOfEveryEpochBeforeItsFirst() {
    List<String> calls = new ArrayList<>();
    var told =
        new Batches() {
          private final Batches images =
              new AugmentedBatches(ToyImages.tinted(SHAPE, 4, 1), Augmentation.NONE);

          @Override
          public int size() {
            return images.size();
          }

          @Override
          public int bytes(int count) {
            return images.bytes(count);
          }

          @Override
          public void startEpoch() {
            calls.add("start");
          }

          @Override
          public void fill(
              ByteBuffer target, int[] order, int from, int to, int epoch, RandomGenerator random) {
            calls.add("fill");
            images.fill(target, order, from, to, epoch, random);
          }

          @Override
          public long[] labels(int[] order, int from, int to) {
            return images.labels(order, from, to);
          }
        };
    Map<String, Object> settings = new LinkedHashMap<>(PLAIN);
    settings.put("batch", 2);
    settings.put("epochs", 2);
    try (Classifier classifier = Classifiers.fresh(TINY, "a1")) {
      new Trainer(recipe(settings), TrainingListener.NONE)
          .train(classifier, told, new Seed("a1").stream("train"));
    }
    assertThat(calls).containsExactly("start", "fill", "fill", "start", "fill", "fill");
  }

  /** The channel of (channels, h, w) with the largest mean. */
  private static long brightest(NDArray image) {
    return image.reshape(3, -1).mean(new int[] {1}).argMax().getLong();
  }

  private static Map<String, float[]> fresh(String seed) {
    try (Classifier classifier = Classifiers.fresh(TINY, seed)) {
      return Classifiers.values(classifier);
    }
  }

  private static Map<String, float[]> trained(
      Classifier.Design design, LabeledImages images, Map<String, Object> settings, String seed) {
    try (Classifier classifier = Classifiers.fresh(design, seed)) {
      new Trainer(recipe(settings), TrainingListener.NONE)
          .train(classifier, images, new Seed(seed).stream("train"));
      return Classifiers.values(classifier);
    }
  }

  private static Recipe recipe(Map<String, Object> settings) {
    return Recipes.REGISTRY.create(new Spec("sgd", 1, settings));
  }

  private static void assertEqual(Map<String, float[]> actual, Map<String, float[]> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    actual.forEach((name, values) -> assertThat(values).as(name).isEqualTo(expected.get(name)));
  }
}
