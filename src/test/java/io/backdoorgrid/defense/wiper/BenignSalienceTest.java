package io.backdoorgrid.defense.wiper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.defense.holder.Observed;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.Architecture;
import io.backdoorgrid.model.net.PreActResNet18;
import io.backdoorgrid.model.net.ResNet18;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(TorchThread.class)
class BenignSalienceTest {

  private static final ImageShape SHAPE = new ImageShape(8, 8, 3);
  private static final LabeledImages IMAGES = ToyImages.random(SHAPE, 4, 11, 3);

  private final BenignSalience salience = new BenignSalience();

  /** Probabilities (0.5, 0.5) where (1, 0) is wanted. */
  @Test
  void isNegativeForTheNeuronOfAnotherClass() {
    try (Classifier identity = Observed.head(2, 1, 0, 0, 1)) {
      assertThat(salience.of(Observed.inputs(identity), Observed.image(identity, 0, 1, 1)))
          .containsExactly(new double[] {0.5, -0.5}, within(1e-6));
    }
  }

  /** Probabilities softmax(2, 1) = (0.731059, 0.268941): 2 and -1 times 0.268941. */
  @Test
  void growsWithTheWeights() {
    try (Classifier diagonal = Observed.head(2, 2, 0, 0, 1)) {
      assertThat(salience.of(Observed.inputs(diagonal), Observed.image(diagonal, 0, 1, 1)))
          .containsExactly(new double[] {0.537883, -0.268941}, within(1e-6));
    }
  }

  /**
   * Logits (1 + 2, 0): the gradients of the first row are 1 - 0.952574 = 0.047426, down. By inputs
   * that is multiplied by 1 and 2, by outputs by their sum; the second row's weights are 0.
   */
  @Test
  void sumsOverColumnsOrRows() {
    try (Classifier classifier = Observed.head(2, 1, 2, 0, 0)) {
      Observation seen = Observed.image(classifier, 0, 1, 1);
      assertThat(salience.of(Observed.inputs(classifier), seen))
          .containsExactly(new double[] {0.047426, 0.094852}, within(1e-6));
      PurifiedLayer outputs = PurifiedLayer.byOutputs(classifier, 0).get(0);
      assertThat(salience.of(outputs, seen))
          .containsExactly(new double[] {0.142278, 0}, within(1e-6));
    }
  }

  /** As above with label 0, and with label 1: (-0.5, 0.5) there. */
  @Test
  void isTheMeanOverImages() {
    try (Classifier identity = Observed.head(2, 1, 0, 0, 1)) {
      Observation seen = Observed.images(identity, new long[] {0, 0, 0, 1}, 1, 1, 1, 1, 1, 1, 1, 1);
      assertThat(salience.of(Observed.inputs(identity), seen))
          .containsExactly(new double[] {0.25, -0.25}, within(1e-6));
    }
  }

  /**
   * As above, and a penalty whose slope is 0.1 for all weights: 0.1 (1 + 2) and 0.1 (0 + 0) less.
   */
  @Test
  void mayBeThatOfTheLossWithItsPenalty() {
    try (Classifier classifier = Observed.head(2, 1, 2, 0, 0)) {
      NDArray weight = classifier.head().weight();
      Observation seen =
          Observed.image(classifier, 0, 1, 1)
              .plus(Map.of(weight, weight.getManager().full(weight.getShape(), 0.1f)));
      PurifiedLayer outputs = PurifiedLayer.byOutputs(classifier, 0).get(0);
      assertThat(salience.of(outputs, seen))
          .containsExactly(new double[] {0.142278 - 0.3, 0}, within(1e-6));
    }
  }

  @Test
  void equalsAutogradsOnTheLastLayer() {
    var design = Classifiers.design(new TinyNet(6, 3, true), SHAPE, 4, Precision.FLOAT32);
    try (Classifier classifier = Classifiers.fresh(design, "a1");
        NDManager scope = classifier.manager().newSubManager()) {
      NDArray weight = classifier.head().weight();
      NDArray gradient = autograd(scope, classifier, weight);
      Observation seen = observe(scope, classifier, Observed.inputs(classifier));
      assertThat(seen.gradients().get(weight).toFloatArray())
          .containsExactly(gradient.toFloatArray(), within(1e-6f));

      float[] products = gradient.mul(weight).sum(new int[] {0}).toFloatArray();
      double[] measured = salience.of(Observed.inputs(classifier), seen);
      for (int j = 0; j < products.length; j++) {
        assertThat(measured[j]).isCloseTo(-products[j], within(1e-6));
      }
    }
  }

  static Stream<Architecture> deepNets() {
    return Stream.of(new ResNet18(2), new PreActResNet18(2));
  }

  /**
   * The loss falls by the salience as a neuron's weights grow from 0.99 to 1.01 times what they
   * are, divided by 0.02: no gradients needed.
   */
  @ParameterizedTest
  @MethodSource("deepNets")
  void isTheSlopeOfTheLossAlongANeuronsWeights(Architecture architecture) {
    var design = Classifiers.design(architecture, SHAPE, 4, Precision.FLOAT32);
    try (Classifier classifier = Classifiers.fresh(design, "a1");
        NDManager scope = classifier.manager().newSubManager()) {
      classifier.head().weight().muli(300); // fresh weights hardly tell images apart
      List<PurifiedLayer> layers = PurifiedLayer.byInputs(classifier, 4);
      Observation seen = Observation.of(scope, classifier, IMAGES, layers, 4);
      for (PurifiedLayer layer : layers) {
        double[] measured = salience.of(layer, seen);
        double largest = Arrays.stream(measured).map(Math::abs).max().orElseThrow();
        assertThat(largest).isGreaterThan(0.01);
        for (int j = 0; j < layer.neurons(); j += 3) {
          double slope =
              (loss(classifier, layer, j, 1.01) - loss(classifier, layer, j, 0.99)) / .02;
          assertThat(measured[j]).isCloseTo(-slope, within(0.03 * largest));
        }
      }
    }
  }

  @Test
  void doesNotDependOnTheBatches() {
    var design = Classifiers.design(new ResNet18(2), SHAPE, 4, Precision.FLOAT32);
    try (Classifier classifier = Classifiers.fresh(design, "a1");
        NDManager scope = classifier.manager().newSubManager()) {
      List<PurifiedLayer> layers = PurifiedLayer.byInputs(classifier, 1);
      Observation whole = Observation.of(scope, classifier, IMAGES, layers, 100);
      Observation pieces = Observation.of(scope, classifier, IMAGES, layers, 3);
      for (PurifiedLayer layer : layers) {
        assertThat(salience.of(layer, pieces))
            .containsExactly(salience.of(layer, whole), within(1e-6));
      }
    }
  }

  private static Observation observe(NDManager scope, Classifier classifier, PurifiedLayer layer) {
    return Observation.of(scope, classifier, IMAGES, List.of(layer), 4);
  }

  private static NDArray autograd(NDManager scope, Classifier classifier, NDArray weight) {
    NDArray input = classifier.input(scope, ByteBuffer.wrap(IMAGES.pixels()));
    NDArray labels = scope.create(Arrays.stream(IMAGES.labels()).asLongStream().toArray());
    NDArray loss =
        Torch.recording(() -> Ops.crossEntropy(classifier.logits(input, false), labels, 0));
    return Ops.gradients(loss, List.of(weight)).get(0);
  }

  /** The mean cross entropy with a neuron's weights multiplied. */
  private static double loss(Classifier classifier, PurifiedLayer layer, int neuron, double by) {
    boolean[] chosen = new boolean[layer.neurons()];
    chosen[neuron] = true;
    try (Classifier copy = classifier.copy();
        NDManager scope = copy.manager().newSubManager()) {
      List<NDArray> originals = List.copyOf(classifier.state().values());
      List<NDArray> copies = List.copyOf(copy.state().values());
      for (NDArray weight : layer.weights()) {
        for (int i = 0; i < originals.size(); i++) {
          if (originals.get(i) == weight) {
            copies.get(i).muli(layer.mask(scope, weight, chosen).mul(by - 1).add(1));
          }
        }
      }
      float[] logits = Classifiers.logits(copy, IMAGES);
      double sum = 0;
      for (int i = 0; i < IMAGES.size(); i++) {
        double[] row = new double[IMAGES.classes()];
        for (int c = 0; c < row.length; c++) {
          row[c] = logits[i * row.length + c];
        }
        sum += Math.log(Arrays.stream(row).map(Math::exp).sum()) - row[IMAGES.labels()[i]];
      }
      return sum / IMAGES.size();
    }
  }
}
