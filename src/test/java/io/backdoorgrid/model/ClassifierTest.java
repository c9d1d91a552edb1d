package io.backdoorgrid.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.Normalization;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.model.net.PreActResNet18;
import io.backdoorgrid.model.net.ResNet18;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.SafeTensors.Tensor;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(TorchThread.class)
class ClassifierTest {

  private static final ImageShape SHAPE = new ImageShape(8, 8, 3);
  private static final LabeledImages IMAGES = ToyImages.random(SHAPE, 10, 40, 3);

  private static final Classifier.Design RESNET =
      Classifiers.design(new ResNet18(2), SHAPE, 10, Precision.FLOAT32);

  private static final Classifier.Design TINY =
      Classifiers.design(new TinyNet(2, 1, true), new ImageShape(1, 2, 1), 2, Precision.FLOAT32);

  @Test
  void drawsTheSameWeightsFromTheSameSeed() {
    try (Classifier one = Classifiers.fresh(RESNET, "a1");
        Classifier same = Classifiers.fresh(RESNET, "a1");
        Classifier other = Classifiers.fresh(RESNET, "a2")) {
      assertEqual(same, one);
      assertThat(Classifiers.values(other).get("conv1.weight"))
          .isNotEqualTo(Classifiers.values(one).get("conv1.weight"));
    }
  }

  @Test
  void takesOverAnothersWeightsAndStaysApart() {
    try (Classifier one = Classifiers.fresh(RESNET, "a1");
        Classifier other = Classifiers.fresh(RESNET, "a2")) {
      one.takeOver(other);
      assertEqual(one, other);
      one.head().weight().muli(2);
      assertThat(Classifiers.values(one).get("linear.weight"))
          .isNotEqualTo(Classifiers.values(other).get("linear.weight"));
    }
  }

  /**
   * Kernels with 16 * 9 inputs lie within 1 / root(144) = 0.0833, with the deviation of that over
   * root(3), 0.0481; that of 2,304 numbers is within 5 % of it (five deviations). The head lies
   * within 1 / root(128) = 0.0884.
   */
  @Test
  void drawsWeightsAsPyTorchDoes() {
    var design = Classifiers.design(new ResNet18(16), SHAPE, 10, Precision.FLOAT32);
    try (Classifier classifier = Classifiers.fresh(design, "a1")) {
      Map<String, float[]> values = Classifiers.values(classifier);
      float[] kernels = values.get("layer1.0.conv1.weight");
      assertThat(kernels).hasSize(2304);
      double squares = 0;
      for (float weight : kernels) {
        assertThat(Math.abs(weight)).isLessThan(0.0834f);
        squares += weight * weight;
      }
      assertThat(Math.sqrt(squares / kernels.length)).isCloseTo(0.0481, within(0.0024));
      for (float weight : values.get("linear.weight")) {
        assertThat(Math.abs(weight)).isLessThan(0.0884f);
      }
      assertThat(values.get("linear.bias")).containsOnly(0);
      assertThat(values.get("bn1.weight")).containsOnly(1);
      assertThat(values.get("bn1.bias")).containsOnly(0);
      assertThat(values.get("bn1.running_mean")).containsOnly(0);
      assertThat(values.get("bn1.running_var")).containsOnly(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void predictsTheSameAfterItsWeightsWereStored(Precision precision) {
    var design = Classifiers.design(new PreActResNet18(2), SHAPE, 10, precision);
    try (Classifier classifier = Classifiers.fresh(design, "a1")) {
      byte[] stored = classifier.weights().toBytes();
      try (Classifier loaded = Classifier.load(design, SafeTensors.parse(stored))) {
        assertEqual(loaded, classifier);
        assertThat(Classifiers.logits(loaded, IMAGES))
            .isEqualTo(Classifiers.logits(classifier, IMAGES));
        assertThat(loaded.predict(IMAGES)).isEqualTo(classifier.predict(IMAGES));
      }
    }
  }

  @Test
  void copiesDeeply() {
    try (Classifier classifier = Classifiers.fresh(RESNET, "a1");
        Classifier untouched = Classifiers.fresh(RESNET, "a1")) {
      try (Classifier copy = classifier.copy()) {
        assertEqual(copy, classifier);
        copy.state().values().forEach(array -> array.addi(1));
        assertThat(Classifiers.values(copy).get("linear.bias")).containsOnly(1);
      }
      assertEqual(classifier, untouched); // also after the copy was closed
    }
  }

  @Test
  void outlivesWhatItWasCopiedFrom() {
    Classifier classifier = Classifiers.fresh(RESNET, "a1");
    int[] predictions = classifier.predict(IMAGES);
    try (Classifier copy = classifier.copy()) {
      classifier.close();
      assertThat(copy.predict(IMAGES)).isEqualTo(predictions);
    }
  }

  @Test
  void trainsAllButTheRunningStatistics() {
    try (Classifier classifier = Classifiers.fresh(TINY, "a1")) {
      assertThat(classifier.state().keySet())
          .containsExactly(
              "conv.weight",
              "norm.weight",
              "norm.bias",
              "norm.running_mean",
              "norm.running_var",
              "linear.weight",
              "linear.bias");
      assertThat(classifier.trainable()).hasSize(5);
    }
  }

  @Test
  void tellsTheFeaturesWeightsFromTheHeads() {
    try (Classifier classifier = Classifiers.fresh(TINY, "a1")) {
      Map<String, NDArray> state = classifier.state();
      assertThat(classifier.dimension()).isEqualTo(2);
      assertThat(classifier.featureWeights())
          .containsExactly(
              state.get("conv.weight"), state.get("norm.weight"), state.get("norm.bias"));
    }
  }

  /** 1,001 images are three batches of an evaluation; the head makes its predictions of them. */
  @ParameterizedTest
  @EnumSource
  void givesTheFeaturesThatTheHeadReads(Precision precision) {
    var shape = new ImageShape(2, 2, 3);
    LabeledImages images = ToyImages.random(shape, 10, 1001, 3);
    var design = Classifiers.design(new TinyNet(5, 1, true), shape, 10, precision);
    try (Classifier classifier = Classifiers.fresh(design, "a1");
        NDManager scope = classifier.manager().newSubManager()) {
      NDArray features = classifier.features(scope, images);
      assertThat(features.getShape()).isEqualTo(new Shape(1001, 5));
      assertThat(features.getDataType()).isEqualTo(DataType.FLOAT32);
      NDArray read = Ops.cast(features, precision);
      long[] predictions = Ops.predictions(classifier.head().apply(read)).toLongArray();
      assertThat(predictions)
          .containsExactly(Arrays.stream(classifier.predict(images)).asLongStream().toArray());
    }
  }

  /**
   * Pixels 51 and 255, normalized with mean 0.2 and deviation 0.4, are 0 and 2. Kernels 1 and -1,
   * batch-norm x - 0.5 and 3 x, ReLU: channel 0 is 0 and 1.5, channel 1 is 0. Pooled (0.75, 0);
   * logits 0.75 * 4 + 1 and 0.75 * 2 + 3.
   */
  @Test
  void computesLogitsFromRawPixels() {
    var design =
        new Classifier.Design(
            TINY.architecture(),
            TINY.shape(),
            2,
            new Normalization(new float[] {0.2f}, new float[] {0.4f}),
            Precision.FLOAT32,
            TINY.device());
    Map<String, Tensor> tensors = tensors();
    tensors.put("conv.weight", new Tensor(new long[] {2, 1, 1, 1}, new float[] {1, -1}));
    tensors.put("norm.weight", new Tensor(new long[] {2}, new float[] {1, 3}));
    tensors.put("norm.bias", new Tensor(new long[] {2}, new float[] {-0.5f, 0}));
    tensors.put("linear.weight", new Tensor(new long[] {2, 2}, new float[] {4, 9, 2, 9}));
    tensors.put("linear.bias", new Tensor(new long[] {2}, new float[] {1, 3}));
    var image = new LabeledImages(TINY.shape(), 2, new byte[] {51, (byte) 255}, new int[1]);
    try (Classifier classifier = Classifier.load(design, new SafeTensors(tensors))) {
      assertThat(Classifiers.logits(classifier, image))
          .containsExactly(new float[] {4, 4.5f}, within(1e-4f));
      assertThat(classifier.predict(image)).containsExactly(1);
    }
  }

  /** Evaluation takes 500 images at a time. */
  @Test
  void predictsEachImageOnItsOwn() {
    LabeledImages images = ToyImages.random(SHAPE, 10, 1003, 4);
    int[] last = IntStream.range(990, 1003).toArray();
    try (Classifier classifier = Classifiers.fresh(RESNET, "a1")) {
      int[] predictions = classifier.predict(images);
      assertThat(predictions).hasSize(1003);
      assertThat(classifier.predict(images.select(last)))
          .isEqualTo(Arrays.copyOfRange(predictions, 990, 1003));
      assertThat(classifier.predict(images.select(new int[0]))).isEmpty();
      assertThat(new TreeSet<>(IntStream.of(predictions).boxed().toList()).size()).isGreaterThan(1);
    }
  }

  @Test
  void copiesIntoAnotherPrecision() {
    var design = Classifiers.design(new ResNet18(2), SHAPE, 10, Precision.BFLOAT16);
    try (Classifier coarse = Classifiers.fresh(design, "a1");
        Classifier exact = Classifiers.fresh(RESNET, "a1");
        Classifier copy = coarse.copy(Precision.FLOAT32)) {
      assertEqual(copy, coarse);
      assertThat(copy.design().precision()).isEqualTo(Precision.FLOAT32);
      assertThat(Classifiers.logits(copy, IMAGES))
          .isEqualTo(Classifiers.logits(exact, IMAGES))
          .isNotEqualTo(Classifiers.logits(coarse, IMAGES));
    }
  }

  /**
   * Without a batch-norm and with one pixel, all is linear: the slope is head, kernel and scale.
   */
  @Test
  void differentiatesLogitsByPixels() {
    var design =
        new Classifier.Design(
            new TinyNet(2, 1, false),
            new ImageShape(1, 1, 1),
            2,
            new Normalization(new float[] {0.2f}, new float[] {0.4f}),
            Precision.FLOAT32,
            TINY.device());
    var tensors = new LinkedHashMap<String, Tensor>();
    tensors.put("conv.weight", new Tensor(new long[] {2, 1, 1, 1}, new float[] {1, -1}));
    tensors.put("linear.weight", new Tensor(new long[] {2, 2}, new float[] {4, 9, 2, 9}));
    tensors.put("linear.bias", new Tensor(new long[] {2}, new float[] {1, 3}));
    try (Classifier classifier = Classifier.load(design, new SafeTensors(tensors))) {
      NDArray pixel = classifier.manager().create(new float[] {153}, new Shape(1, 1, 1, 1));
      pixel.setRequiresGradient(true);
      NDArray logits = Torch.recording(() -> classifier.logits(classifier.input(pixel), false));
      assertThat(logits.toFloatArray()).containsExactly(new float[] {-4, -4}, within(1e-5f));
      NDArray sum = Torch.recording(logits::sum);
      assertThat(Ops.gradients(sum, List.of(pixel)).get(0).toFloatArray())
          .containsExactly(new float[] {(4 - 9 + 2 - 9) / (0.4f * 255)}, within(1e-6f));
    }
  }

  @Test
  void takesPixelsAsFloatsAsItTakesThemAsBytes() {
    try (Classifier classifier = Classifiers.fresh(RESNET, "a1")) {
      float[] values = new float[IMAGES.pixels().length];
      for (int i = 0; i < values.length; i++) {
        values[i] = IMAGES.pixels()[i] & 0xFF;
      }
      NDArray pixels = classifier.manager().create(values, new Shape(IMAGES.size(), 8, 8, 3));
      assertThat(classifier.logits(classifier.input(pixels), false).toFloatArray())
          .isEqualTo(Classifiers.logits(classifier, IMAGES));
    }
  }

  @Test
  void refusesWeightsThatLackSome() {
    Map<String, Tensor> tensors = tensors();
    tensors.remove("norm.running_var");
    assertRefused(tensors, "the weights have no 'norm.running_var', which the architecture needs");
  }

  @Test
  void refusesWeightsThatItHasNoPlaceFor() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("b.extra", tensors.get("norm.bias"));
    tensors.put("a.extra", tensors.get("norm.bias"));
    assertRefused(tensors, "the architecture has no place for the weights [a.extra, b.extra]");
  }

  @Test
  void refusesWeightsOfAnotherShape() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("linear.weight", new Tensor(new long[] {1, 4}, new float[4]));
    assertRefused(tensors, "'linear.weight' has shape [1, 4], the architecture needs (2, 2)");
  }

  private static void assertRefused(Map<String, Tensor> tensors, String message) {
    assertThatThrownBy(() -> Classifier.load(TINY, new SafeTensors(tensors)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  /** Weights that fit the tiny network. */
  private static Map<String, Tensor> tensors() {
    try (Classifier classifier = Classifiers.fresh(TINY, "a1")) {
      return new LinkedHashMap<>(classifier.weights().tensors());
    }
  }

  private static void assertEqual(Classifier actual, Classifier expected) {
    Map<String, float[]> values = Classifiers.values(expected);
    assertThat(Classifiers.values(actual).keySet()).isEqualTo(values.keySet());
    Classifiers.values(actual)
        .forEach((name, array) -> assertThat(array).as(name).isEqualTo(values.get(name)));
  }
}
