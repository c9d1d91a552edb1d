package io.backdoorgrid.defense.holder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.defense.holder.HolderConstants.Direction;
import io.backdoorgrid.defense.holder.HolderConstants.Noise;
import io.backdoorgrid.defense.holder.HolderConstants.Norm;
import io.backdoorgrid.defense.holder.HolderConstants.Output;
import io.backdoorgrid.defense.holder.HolderConstants.Over;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** By hand: a neuron with weights 3 and -4, steps of 0.1. */
@ExtendWith(TorchThread.class)
class HolderConstantsTest {

  private static final Offset<Double> MILLIONTH = within(1e-6);
  private static final double[] WEIGHTS = {3, -4};

  /** Active wherever the features are. */
  private static final double ACTIVE = 10;

  private final NDManager manager = Torch.newManager(Device.cpu());

  @AfterEach
  void close() {
    manager.close();
  }

  /**
   * From the middle, either step changes the neuron by 0.7 and is 0.1 root 2 long, or 0.1 in its
   * longest feature: 0.7 / 0.141421^0.5, 0.7 / 0.1^0.5.
   */
  @ParameterizedTest
  @CsvSource({
    "L2,    0.5, 1.861404",
    "L_INF, 0.5, 2.213594",
    "EPS,   0.5, 2.213594",
    "L2,    1,   4.949747",
    "L_INF, 1,   7",
    "EPS,   1,   7",
  })
  void dividesTheChangeByThePowerOfTheDistance(Norm norm, double alpha, double expected) {
    HolderConstants settings = settings(alpha, Output.RELU, Direction.AT_NOISE, norm);
    assertThat(constant(settings, ACTIVE, up(), 0.5, 0.5)).isCloseTo(expected, MILLIONTH);
  }

  /**
   * Noise that raises the neuron leads from (0.95, 0.5) to (1, 0.4), where the change is 0.55 and
   * the distance 0.111803; the other way, to (0.85, 0.6), nothing is in the way.
   */
  @ParameterizedTest
  @CsvSource({
    "AT_NOISE,  L2,    1.644884",
    "AT_NOISE,  L_INF, 1.739253",
    "AT_NOISE,  EPS,   1.739253",
    "AT_SAMPLE, L2,    1.861404",
    "BOTH,      L2,    1.861404",
  })
  void stopsAtTheEdge(Direction direction, Norm norm, double expected) {
    HolderConstants settings = settings(0.5, Output.RELU, direction, norm);
    assertThat(constant(settings, ACTIVE, up(), 0.95, 0.5)).isCloseTo(expected, MILLIONTH);
  }

  /** From (0.95, 0.02) to (1, 0): the change is 0.23, the longer move 0.05. */
  @Test
  void measuresTheLargestMoveWhereNoneIsWhole() {
    HolderConstants settings = settings(0.5, Output.RELU, Direction.AT_NOISE, Norm.L_INF);
    assertThat(constant(settings, ACTIVE, up(), 0.95, 0.02)).isCloseTo(1.028591, MILLIONTH);
  }

  /** In the corner (1, 0) there is nowhere to go up; down there is. */
  @ParameterizedTest
  @EnumSource(Norm.class)
  void countsZeroForASampleThatCannotMove(Norm norm) {
    HolderConstants settings = settings(0.5, Output.RELU, Direction.AT_NOISE, norm);
    assertThat(constant(settings, ACTIVE, up(), 1, 0)).isZero();
    assertThat(constant(settings, ACTIVE, down(), 1, 0)).isPositive();
  }

  /** All 512 features are at the edge that their weights point to; rounding must not move them. */
  @ParameterizedTest
  @EnumSource(
      value = Norm.class,
      names = {"L2", "L_INF"})
  void countsZeroInACornerOfManyFeatures(Norm norm) {
    float[] weights = new float[512];
    float[] sample = new float[512];
    for (int c = 0; c < 512; c++) {
      weights[c] = (float) Math.sin(c + 1);
      sample[c] = weights[c] > 0 ? 1 : 0;
    }
    RandomGenerator random = answers(rising(weights));
    HolderConstants settings = settings(0.5, Output.RELU, Direction.AT_NOISE, norm);
    assertThat(constants(settings, sample, weights, new float[] {1}, random)).containsExactly(0);
  }

  /** -0.5 - 1 stays below zero; behind the ReLU nothing changes, before it as everywhere. */
  @Test
  void givesDeadNeuronsTheConstantZero() {
    assertThat(constant(new HolderConstants(), -1, up(), 0.5, 0.5)).isZero();
    HolderConstants linear = settings(0.5, Output.PRE_ACTIVATION, Direction.AT_NOISE, Norm.L2);
    assertThat(constant(linear, -1, up(), 0.5, 0.5)).isCloseTo(1.861404, MILLIONTH);
  }

  /**
   * A pre-activation of 0.1 that falls by 0.7 is off: a change of 0.1, over 0.376060. One of -0.1
   * that rises by 0.7 is 0.6.
   */
  @ParameterizedTest
  @CsvSource({"0.6, AT_SAMPLE, 0.265915", "0.4, AT_NOISE, 1.595489"})
  void cutsChangesOffAtTheKink(double bias, Direction direction, double expected) {
    HolderConstants settings = settings(0.5, Output.RELU, direction, Norm.L2);
    assertThat(constant(settings, bias, up(), 0.5, 0.5)).isCloseTo(expected, MILLIONTH);
  }

  /** The gradients at sample and noise cancel, unless noise of -0.35 takes 0.1 below zero. */
  @Test
  void seldomMovesByTheGradientAsPrinted() {
    for (Output output : Output.values()) {
      HolderConstants settings = settings(0.5, output, Direction.AS_PRINTED, Norm.L2);
      assertThat(constant(settings, ACTIVE, down(), 0.5, 0.5)).isZero();
    }
    HolderConstants settings = settings(0.5, Output.RELU, Direction.AS_PRINTED, Norm.L2);
    assertThat(constant(settings, 0.6, down(), 0.5, 0.5)).isCloseTo(1.861404, MILLIONTH);
  }

  /** Features without weight stay where they are. */
  @ParameterizedTest
  @EnumSource(Norm.class)
  void movesNoFeatureOfZeroWeight(Norm norm) {
    HolderConstants settings = settings(0.5, Output.RELU, Direction.BOTH, norm);
    double expected = norm == Norm.L2 ? 1.861404 : 2.213594;
    float[] weights = {3, 0, -4, 0, 0, 0}; // the second neuron has none
    double[] constants =
        constants(settings, new float[] {0.5f, 0.3f, 0.5f}, weights, new float[] {10, 10}, none());
    assertThat(constants[0]).isCloseTo(expected, MILLIONTH);
    assertThat(constants[1]).isZero();
  }

  @Test
  void takesTheMaximumOrTheMeanOverSamples() {
    float[] samples = {0.5f, 0.5f, 1, 0, 1, 0, 1, 0};
    for (Over over : Over.values()) {
      HolderConstants settings =
          new HolderConstants(
              0.1, 0.5, Output.RELU, Direction.AT_NOISE, Noise.UNIFORM, false, Norm.L2, over);
      double[] constants =
          constants(settings, samples, new float[] {3, -4}, new float[] {10}, up());
      double expected = over == Over.MAXIMUM ? 1.861404 : 1.861404 / 4;
      assertThat(constants[0]).isCloseTo(expected, MILLIONTH);
    }
  }

  /** One gradient per neuron and sample by autograd gives what matrix products give for all. */
  @ParameterizedTest
  @CsvSource({
    "RELU,           AT_NOISE,   UNIFORM, false, L2,    0.5",
    "RELU,           AT_NOISE,   UNIFORM, false, L2,    1",
    "RELU,           AT_NOISE,   UNIFORM, false, L_INF, 0.5",
    "RELU,           AT_NOISE,   UNIFORM, false, EPS,   0.5",
    "RELU,           AT_NOISE,   NORMAL,  false, L2,    0.3",
    "RELU,           AT_NOISE,   NORMAL,  true,  L2,    0.5",
    "RELU,           AT_NOISE,   UNIFORM, true,  L2,    0.5",
    "RELU,           AT_SAMPLE,  UNIFORM, false, L2,    0.5",
    "RELU,           AS_PRINTED, UNIFORM, false, L2,    0.5",
    "PRE_ACTIVATION, AT_NOISE,   UNIFORM, false, L2,    0.5",
    "PRE_ACTIVATION, AT_SAMPLE,  NORMAL,  false, L_INF, 0.5",
  })
  void equalsTheAlgorithmWordForWord(
      Output output, Direction direction, Noise noise, boolean fresh, Norm norm, double alpha) {
    Layer layer = new Layer(60, 8, 6);
    for (Over over : Over.values()) {
      HolderConstants settings =
          new HolderConstants(0.1, alpha, output, direction, noise, fresh, norm, over);
      assertThat(layer.constants(settings)).containsExactly(layer.literal(settings), MILLIONTH);
    }
  }

  /** More samples than are worked on at a time; noise goes on where it stopped. */
  @Test
  void coversAllSamples() {
    Layer layer = new Layer(1200, 2, 4);
    HolderConstants settings =
        new HolderConstants(
            0.1, 0.5, Output.RELU, Direction.AT_NOISE, Noise.UNIFORM, false, Norm.L2, Over.MEAN);
    assertThat(layer.constants(settings)).containsExactly(layer.literal(settings), MILLIONTH);
  }

  /** Without edges and kinks: eps^(1 - alpha) ||w||_1 / d^(alpha / 2). */
  @ParameterizedTest
  @ValueSource(doubles = {0.25, 0.5, 1})
  void ranksByTheSumOfAbsoluteWeightsAwayFromEdges(double alpha) {
    int features = 300;
    float[] weights = new float[2 * features];
    double[] sums = new double[2];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) Math.cos(i + 1);
      sums[i / features] += Math.abs(weights[i]);
    }
    float[] sample = new float[features];
    Arrays.fill(sample, 0.4f);
    HolderConstants settings = settings(alpha, Output.RELU, Direction.AT_NOISE, Norm.L2);
    double[] constants =
        constants(settings, sample, weights, new float[] {500, 500}, generator("noise"));
    double factor = Math.pow(0.1, 1 - alpha) / Math.pow(features, alpha / 2);
    assertThat(constants)
        .containsExactly(new double[] {sums[0] * factor, sums[1] * factor}, within(1e-4));
  }

  @Test
  void scalesWithWeightsAndBias() {
    Layer layer = new Layer(50, 4, 5);
    double[] constants = layer.constants(new HolderConstants());
    for (int i = 0; i < layer.weights.length; i++) {
      layer.weights[i] *= 4;
    }
    for (int i = 0; i < layer.biases.length; i++) {
      layer.biases[i] *= 4;
    }
    double[] larger = layer.constants(new HolderConstants());
    for (int i = 0; i < constants.length; i++) {
      assertThat(larger[i]).isEqualTo(4 * constants[i]);
    }
  }

  @Test
  void isTheSameForTheSameSeed() {
    Layer layer = new Layer(700, 6, 5);
    assertThat(layer.constants(new HolderConstants()))
        .isEqualTo(layer.constants(new HolderConstants()));
  }

  @Test
  void leavesFeaturesAndWeightsAsTheyAre() {
    var features = manager.create(new float[] {0.5f, 0.95f, 0, 1}, new Shape(2, 2));
    var weights = manager.create(new float[] {3, -4, 1, 2}, new Shape(2, 2));
    var biases = manager.create(new float[] {1, -1});
    weights.setRequiresGradient(true);
    biases.setRequiresGradient(true);
    new HolderConstants().of(features, weights, biases, generator("noise"));
    assertThat(features.toFloatArray()).containsExactly(0.5f, 0.95f, 0, 1);
    assertThat(weights.toFloatArray()).containsExactly(3, -4, 1, 2);
    assertThat(biases.toFloatArray()).containsExactly(1, -1);
    assertThat(weights.hasGradient()).isTrue();
  }

  @Test
  void refusesStepsAndExponentsOutOfRange() {
    assertThatThrownBy(() -> settings(0, Output.RELU, Direction.BOTH, Norm.L2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("alpha must be above 0 and at most 1, got 0.0");
    assertThatThrownBy(
            () ->
                new HolderConstants(
                    0, 1, Output.RELU, Direction.BOTH, Noise.UNIFORM, false, Norm.L2, Over.MEAN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("eps must be positive, got 0.0");
  }

  private static HolderConstants settings(
      double alpha, Output output, Direction direction, Norm norm) {
    return new HolderConstants(
        0.1, alpha, output, direction, Noise.UNIFORM, false, norm, Over.MAXIMUM);
  }

  /** Of the neuron with weights 3 and -4. */
  private double constant(
      HolderConstants settings, double bias, RandomGenerator random, double... sample) {
    return constants(settings, floats(sample), floats(WEIGHTS), floats(bias), random)[0];
  }

  private double[] constants(
      HolderConstants settings,
      float[] samples,
      float[] weights,
      float[] biases,
      RandomGenerator random) {
    int features = weights.length / biases.length;
    return settings.of(
        manager.create(samples, new Shape(samples.length / features, features)),
        manager.create(weights, new Shape(biases.length, features)),
        manager.create(biases),
        random);
  }

  /** A layer and samples, of which one feature in four is at an edge. */
  private final class Layer {
    private final int features;
    private final float[] samples;
    private final float[] weights;
    private final float[] biases;

    Layer(int count, int neurons, int features) {
      RandomGenerator random = generator("layer");
      this.features = features;
      this.samples = new float[count * features];
      this.weights = new float[neurons * features];
      this.biases = new float[neurons];
      for (int i = 0; i < samples.length; i++) {
        samples[i] = Math.min(1, Math.max(0, random.nextFloat(-0.15f, 1.15f)));
      }
      for (int i = 0; i < weights.length; i++) {
        weights[i] = i % 7 == 3 ? 0 : random.nextFloat(-1, 1);
      }
      for (int i = 0; i < neurons; i++) {
        biases[i] = random.nextFloat(-0.5f, 0.5f);
      }
    }

    double[] constants(HolderConstants settings) {
      return HolderConstantsTest.this.constants(
          settings, samples, weights, biases, generator("noise"));
    }

    double[] literal(HolderConstants settings) {
      RandomGenerator random = generator("noise");
      double[] constants = new double[biases.length];
      for (int from = 0; from < samples.length; from += features) {
        double[] sample = doubles(samples, from);
        double[] shared = settings.freshNoise() ? null : noise(settings, random);
        for (int i = 0; i < constants.length; i++) {
          double[] row = doubles(weights, i * features);
          double[] noise = shared == null ? along(row, settings, random) : shared;
          double quotient =
              new FgsmNeuron(manager, settings, row, biases[i]).quotient(sample, noise);
          constants[i] =
              settings.over() == Over.MAXIMUM
                  ? Math.max(constants[i], quotient)
                  : constants[i] + quotient * features / samples.length;
        }
      }
      return constants;
    }

    private double[] noise(HolderConstants settings, RandomGenerator random) {
      double[] noise = new double[features];
      for (int c = 0; c < features; c++) {
        double unit =
            settings.noise() == Noise.UNIFORM ? 2 * random.nextFloat() - 1 : random.nextGaussian();
        noise[c] = unit * settings.eps();
      }
      return noise;
    }

    /** Noise whose product with the weights is as large as the neuron's own draw says. */
    private double[] along(double[] row, HolderConstants settings, RandomGenerator random) {
      double length = Math.sqrt(Arrays.stream(row).map(w -> w * w).sum());
      double deviation = settings.noise() == Noise.UNIFORM ? 1 / Math.sqrt(3) : 1;
      double product = random.nextGaussian() * settings.eps() * deviation;
      return Arrays.stream(row).map(w -> product * w / length).toArray();
    }

    private double[] doubles(float[] values, int from) {
      double[] doubles = new double[features];
      for (int c = 0; c < features; c++) {
        doubles[c] = values[from + c];
      }
      return doubles;
    }
  }

  private static RandomGenerator generator(String purpose) {
    return new Seed("holder").stream(purpose);
  }

  /** Noise of half of eps that raises the neuron with weights 3 and -4: by 0.05 * 7. */
  private static RandomGenerator up() {
    return answers(rising(floats(WEIGHTS)));
  }

  /** The opposite. */
  private static RandomGenerator down() {
    return answers(rising(floats(-3, 4)));
  }

  /** Of the noise -0.5 to 0.5 in units of eps, what has the sign of the weight. */
  private static float[] rising(float[] weights) {
    float[] noise = new float[weights.length];
    for (int c = 0; c < noise.length; c++) {
      noise[c] = weights[c] > 0 ? 0.75f : 0.25f;
    }
    return noise;
  }

  private static RandomGenerator none() {
    return answers();
  }

  /** Gives those numbers over and over. */
  private static RandomGenerator answers(float... values) {
    return new RandomGenerator() {
      private int next;

      @Override
      public float nextFloat() {
        return values[next++ % values.length];
      }

      @Override
      public long nextLong() {
        throw new AssertionError("no such draw was expected");
      }
    };
  }

  private static float[] floats(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
