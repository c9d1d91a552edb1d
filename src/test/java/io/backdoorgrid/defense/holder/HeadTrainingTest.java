package io.backdoorgrid.defense.holder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.model.head.MlpHead;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import io.backdoorgrid.train.DivergedException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * On points around the corners of a square, of one class around (0, 0) and (1, 1), of the other
 * around (0, 1) and (1, 0): no straight line divides them.
 */
@ExtendWith(TorchThread.class)
class HeadTrainingTest {

  private static final int POINTS = 100;

  private final NDManager manager = Torch.newManager(Device.cpu());

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void learnsWhatNoStraightLineDivides() {
    MlpHead head = new HeadTraining(32, 60, 10, 0.02).train(manager, square(1), labels(), 2, a1());
    long[] predictions = Ops.predictions(head.logits(square(2))).toLongArray();
    for (int i = 0; i < POINTS; i++) {
      assertThat(predictions[i]).isEqualTo(labels()[i]);
    }
  }

  @Test
  void givesTheSameWeightsForTheSameSeed() {
    var training = new HeadTraining(8, 3, 16, 0.01);
    Map<String, float[]> first = trained(training, a1());
    assertThat(trained(training, a1())).usingRecursiveComparison().isEqualTo(first);
    assertThat(trained(training, new Seed("a2").stream("head")).get("first.weight"))
        .isNotEqualTo(first.get("first.weight"));
  }

  /**
   * Nine samples by four, each with a feature of its own: weights move where a feature was seen.
   */
  @ParameterizedTest
  @CsvSource({"4", "9", "100"})
  void goesThroughAllSamplesInAnEpoch(int batch) {
    int samples = 9;
    NDArray features = manager.eye(samples);
    MlpHead before = MlpHead.create(manager, samples, 16, 3, a1());
    MlpHead after =
        new HeadTraining(16, 1, batch, 0.01)
            .train(manager, features, new int[] {0, 1, 2, 0, 1, 2, 0, 1, 2}, 3, a1());
    float[] moves = after.hidden().weight().sub(before.hidden().weight()).abs().toFloatArray();
    for (int feature = 0; feature < samples; feature++) {
      double moved = 0;
      for (int neuron = 0; neuron < 16; neuron++) {
        moved += moves[neuron * samples + feature];
      }
      assertThat(moved).as("feature %d", feature).isPositive();
    }
  }

  /** One sample, one step, which is the rate in every direction that has a gradient. */
  @Test
  void stepsByTheLearningRate() {
    NDArray features = manager.ones(new Shape(1, 2));
    MlpHead before = MlpHead.create(manager, 2, 4, 2, a1());
    MlpHead after =
        new HeadTraining(4, 1, 1, 0.25).train(manager, features, new int[] {1}, 2, a1());
    float[] start = before.trainable().get(3).toFloatArray();
    float[] end = after.trainable().get(3).toFloatArray();
    assertThat(start).containsExactly(0, 0);
    assertThat(end[0]).isBetween(-0.2501f, -0.2499f);
    assertThat(end[1]).isBetween(0.2499f, 0.2501f);
  }

  @Test
  void leavesTheFeaturesAsTheyAre() {
    NDArray features = square(1);
    new HeadTraining(8, 2, 16, 0.1).train(manager, features, labels(), 2, a1());
    assertThat(features.toFloatArray()).isEqualTo(square(1).toFloatArray());
  }

  /** 100 samples by 25 are four steps, by 30 another one of ten samples. */
  @ParameterizedTest
  @CsvSource({"25, 4", "30, 4", "100, 1", "1000, 1"})
  void saysThatItDivergedAfterTheEpoch(int batch, int step) {
    float[] points = square(1).toFloatArray();
    points[0] = Float.POSITIVE_INFINITY;
    NDArray features = manager.create(points, new Shape(POINTS, 2));
    assertThatThrownBy(
            () -> new HeadTraining(8, 3, batch, 0.1).train(manager, features, labels(), 2, a1()))
        .isInstanceOf(DivergedException.class)
        .hasMessage("training diverged in epoch 1, step " + step + ": the loss is NaN");
  }

  @Test
  void refusesImpossibleValues() {
    assertRefused(0, 1, 1, 1, "hidden must be at least 1, got 0");
    assertRefused(1, 0, 1, 1, "epochs must be at least 1, got 0");
    assertRefused(1, 1, 0, 1, "batch must be at least 1, got 0");
    assertRefused(1, 1, 1, 0, "learning-rate must be positive, got 0.0");
    assertRefused(1, 1, 1, Double.NaN, "learning-rate must be positive, got NaN");
    assertRefused(
        1, 1, 1, Double.POSITIVE_INFINITY, "learning-rate must be positive, got Infinity");
  }

  private static void assertRefused(
      int hidden, int epochs, int batch, double learningRate, String message) {
    assertThatThrownBy(() -> new HeadTraining(hidden, epochs, batch, learningRate))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private Map<String, float[]> trained(HeadTraining training, RandomGenerator random) {
    var values = new LinkedHashMap<String, float[]>();
    training
        .train(manager, square(1), labels(), 2, random)
        .weights()
        .tensors()
        .forEach((name, tensor) -> values.put(name, tensor.values()));
    return values;
  }

  private static RandomGenerator a1() {
    return new Seed("a1").stream("head");
  }

  private NDArray square(long seed) {
    var random = new Random(seed);
    float[] points = new float[2 * POINTS];
    for (int i = 0; i < POINTS; i++) {
      points[2 * i] = i % 2 + 0.3f * random.nextFloat();
      points[2 * i + 1] = i / 2 % 2 + 0.3f * random.nextFloat();
    }
    return manager.create(points, new Shape(POINTS, 2));
  }

  private static int[] labels() {
    int[] labels = new int[POINTS];
    for (int i = 0; i < POINTS; i++) {
      labels[i] = (i % 2 + i / 2) % 2;
    }
    return labels;
  }
}
