package io.backdoorgrid.defense.wiper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.defense.holder.Observed;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.TorchThread;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The measures of importance that benign salience is compared with. */
@ExtendWith(TorchThread.class)
class RivalImportanceTest {

  /** ln 2 - ln(1 + 1/e): the loss without features less that of logits (2, 1), label 0. */
  private static final double GAIN = 0.379885;

  /** Two images with activations (1, -2) and (3, 0): means of sizes 2 and 1. */
  @Test
  void averagesActivations() {
    try (Classifier classifier = Observed.head(2, 1, 0, -1, 3)) {
      Observation seen = Observed.images(classifier, new long[] {0, 1}, 1, -2, 3, 0);
      PurifiedLayer layer = Observed.inputs(classifier);
      assertThat(new ActivationMagnitude(false).of(layer, seen)).containsExactly(2, 1);
      // Sizes of the weights: 1 + 1 and 0 + 3.
      assertThat(new ActivationMagnitude(true).of(layer, seen)).containsExactly(4, 3);
    }
  }

  /** Probabilities (0.5, 0.5): every weight on a feature x has the gradient x / 2, up or down. */
  @Test
  void sumsTheSizesOfGradients() {
    try (Classifier zero = Observed.head(2, 0, 0, 0, 0)) {
      PurifiedLayer layer = Observed.inputs(zero);
      var gradient = new GradientMagnitude();
      assertThat(gradient.of(layer, Observed.image(zero, 0, 1, -3)))
          .containsExactly(new double[] {1, 3}, within(1e-6));
      // The mean of opposite gradients has no size.
      assertThat(gradient.of(layer, Observed.images(zero, new long[] {0, 1}, 1, 3, 1, 3)))
          .containsExactly(new double[] {0, 0}, within(1e-6));
    }
  }

  /** Along a (1, 1), V = I has probabilities (0.5, 0.5) everywhere. */
  @Test
  void integratesAConstant() {
    try (Classifier identity = Observed.head(2, 1, 0, 0, 1)) {
      assertThat(
              new IntegratedGradient(1)
                  .of(Observed.inputs(identity), Observed.image(identity, 0, 1, 1)))
          .containsExactly(new double[] {0.5, -0.5}, within(1e-6));
    }
  }

  /** The integral of 1 - P_0 = 1 / (1 + e^a) is 0.379885; times 2 and -1. */
  @Test
  void integratesAlongThePath() {
    try (Classifier diagonal = Observed.head(2, 2, 0, 0, 1)) {
      assertThat(
              new IntegratedGradient(50)
                  .of(Observed.inputs(diagonal), Observed.image(diagonal, 0, 1, 1)))
          .containsExactly(new double[] {2 * GAIN, -GAIN}, within(1e-5));
    }
  }

  /**
   * First neuron 0: it adds ln 2 - ln(1 + e^-2) = 0.566220, neuron 1 takes 0.186335 of it. First
   * neuron 1: it takes ln(1 + e) - ln 2 = 0.620115, neuron 0 adds 1.
   */
  @Test
  void averagesMarginalGainsOverBothOrders() {
    try (Classifier diagonal = Observed.head(2, 2, 0, 0, 1)) {
      Observation seen = Observed.image(diagonal, 0, 1, 1);
      assertThat(new NeuronShapley(2, 0, false, bothOrders()).of(Observed.inputs(diagonal), seen))
          .containsExactly(new double[] {0.783110, -0.403224}, within(1e-6));
    }
  }

  /** Logits (1, 0) and (0, 1): each neuron gets its own image right; ties go to class 0. */
  @Test
  void countsRightImages() {
    try (Classifier identity = Observed.head(2, 1, 0, 0, 1)) {
      Observation seen = Observed.images(identity, new long[] {0, 1}, 1, 0, 0, 1);
      assertThat(new NeuronShapley(2, 0, true, bothOrders()).of(Observed.inputs(identity), seen))
          .containsExactly(new double[] {0, 0.5}, within(1e-6));
    }
  }

  /**
   * Orders start 0.379885 from their end; behind neuron 0, 0.186335 is left, behind neuron 1 it is
   * 1. Truncated there, neuron 1 keeps what it takes as the first of an order.
   */
  @ParameterizedTest
  @CsvSource({"0.38, 0, 0", "0.2, 0.783110, -0.310057"})
  void givesNothingToNeuronsBehindTheTruncation(double truncation, double first, double second) {
    try (Classifier diagonal = Observed.head(2, 2, 0, 0, 1)) {
      Observation seen = Observed.image(diagonal, 0, 1, 1);
      double[] shapley =
          new NeuronShapley(2, truncation, false, bothOrders()).of(Observed.inputs(diagonal), seen);
      assertThat(shapley).containsExactly(new double[] {first, second}, within(1e-6));
    }
  }

  /** Both explain the whole difference between no features and all, over several chunks. */
  @Test
  void addUpToTheGainOfAllNeurons() {
    var shape = new ImageShape(6, 6, 3);
    var design = Classifiers.design(new TinyNet(8, 3, true), shape, 3, Precision.FLOAT32);
    LabeledImages images = ToyImages.tinted(shape, 150, 1);
    try (Classifier classifier = Classifiers.fresh(design, "a1");
        NDManager scope = classifier.manager().newSubManager()) {
      classifier.head().weight().muli(5);
      PurifiedLayer layer = Observed.inputs(classifier);
      Observation seen = Observation.of(scope, classifier, images, List.of(layer), 64);
      double gain = Math.log(3) - loss(classifier, images);
      assertThat(Math.abs(gain)).isGreaterThan(0.01);
      var random = new Seed("a1").stream("defense");
      assertThat(sum(new IntegratedGradient(100).of(layer, seen))).isCloseTo(gain, within(1e-4));
      assertThat(sum(new NeuronShapley(3, 0, false, random).of(layer, seen)))
          .isCloseTo(gain, within(1e-5));
    }
  }

  private static double loss(Classifier classifier, LabeledImages images) {
    float[] logits = Classifiers.logits(classifier, images);
    double sum = 0;
    for (int i = 0; i < images.size(); i++) {
      double all = 0;
      for (int c = 0; c < images.classes(); c++) {
        all += Math.exp(logits[i * images.classes() + c]);
      }
      sum += Math.log(all) - logits[i * images.classes() + images.labels()[i]];
    }
    return sum / images.size();
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }

  /** Shuffles two to (1, 0), then (0, 1): each shuffle draws twice, the second draw counts. */
  private static RandomGenerator bothOrders() {
    int[] draws = {0};
    return () -> (draws[0]++ / 2 % 2) * (1L << 32);
  }
}
