package io.backdoorgrid.defense.holder;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.model.head.MlpHead;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.SafeTensors.Tensor;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** By hand: one feature from 10 to 20, a neuron that passes it on, logits {@code z} and 0.75. */
@ExtendWith(TorchThread.class)
class ScaledHeadTest {

  private final NDManager manager = Torch.newManager(Device.cpu());

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void readsScaledFeatures() {
    assertThat(byHand(false).logits(column(15, 20)).toFloatArray())
        .containsExactly(0.5f, 0.75f, 1, 0.75f);
    assertThat(byHand(false).predictions(column(15, 17, 18, 20))).containsExactly(1, 1, 0, 0);
  }

  /** 30 lies a range above the largest, 5 half of one below the smallest. */
  @Test
  void clipsFeaturesBeyondTheRangeOnlyIfAsked() {
    assertThat(byHand(false).scale(column(30, 5)).toFloatArray()).containsExactly(2, -0.5f);
    assertThat(byHand(true).scale(column(30, 5)).toFloatArray()).containsExactly(1, 0);
    assertThat(byHand(true).logits(column(30)).toFloatArray()).containsExactly(1, 0.75f);
  }

  /** More rows than are worked on at a time, twice. */
  @Test
  void predictsTheClassOfTheLargestLogitOfEveryRow() {
    var random = new Random(1);
    float[] values = new float[17_000];
    int[] expected = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = 10 + 10 * random.nextFloat();
      expected[i] = values[i] > 17.5f ? 0 : 1;
    }
    assertThat(byHand(false).predictions(column(values))).isEqualTo(expected);
  }

  @Test
  void isTrainedOnTheRangeOfItsFeatures() {
    ScaledHead trained = trained();
    assertThat(trained.scale(column(100, 600, 1100)).toFloatArray()).containsExactly(0, 0.5f, 1);
    assertThat(trained.predictions(column(100, 300, 900, 1100))).containsExactly(1, 1, 0, 0);
  }

  @Test
  void saysTheSameAfterItWasStored() {
    ScaledHead trained = trained();
    byte[] stored = trained.weights().toBytes();
    ScaledHead loaded = ScaledHead.load(manager, SafeTensors.parse(stored), false);
    NDArray features = column(0, 100, 512, 2000);
    assertThat(loaded.logits(features).toFloatArray())
        .isEqualTo(trained.logits(features).toFloatArray());
  }

  /** Above 600, class 0. */
  private ScaledHead trained() {
    return ScaledHead.train(
        new HeadTraining(8, 100, 4, 0.05),
        column(100, 200, 300, 400, 800, 900, 1000, 1100),
        new int[] {1, 1, 1, 1, 0, 0, 0, 0},
        2,
        false,
        new Seed("a1").stream("head"));
  }

  private ScaledHead byHand(boolean clip) {
    MlpHead head =
        MlpHead.load(
            manager,
            new SafeTensors(
                Map.of(
                    "first.weight", new Tensor(new long[] {1, 1}, new float[] {1}),
                    "first.bias", new Tensor(new long[] {1}, new float[1]),
                    "second.weight", new Tensor(new long[] {2, 1}, new float[] {1, 0}),
                    "second.bias", new Tensor(new long[] {2}, new float[] {0, 0.75f}))));
    return new ScaledHead(MinMax.of(column(10, 20)), head, clip);
  }

  private NDArray column(float... values) {
    return manager.create(values, new Shape(values.length, 1));
  }
}
