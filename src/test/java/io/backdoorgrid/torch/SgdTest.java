package io.backdoorgrid.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two steps of rate 0.1 from the weight 1 down the loss 2 w, whose gradient is 2. */
@ExtendWith(TorchThread.class)
class SgdTest {

  private final NDManager manager = Torch.newManager(Device.cpu());

  @AfterEach
  void close() {
    manager.close();
  }

  /** 1 - 0.1 * 2 = 0.8 and 0.8 - 0.1 * 2 = 0.6. */
  @Test
  void stepsDownTheGradientWithoutMomentum() {
    assertSteps(0, 0, false, 0.8f, 0.6f);
  }

  /** 1 - 0.1 * (2 + 0.5 * 1) = 0.75 and 0.75 - 0.1 * (2 + 0.5 * 0.75) = 0.5125. */
  @Test
  void decaysWeightsWithoutMomentum() {
    assertSteps(0, 0.5, false, 0.75f, 0.5125f);
  }

  /** The buffer is 2, then 0.9 * 2 + 2 = 3.8. */
  @Test
  void remembersFormerGradientsWithMomentum() {
    assertSteps(0.9, 0, false, 0.8f, 0.42f);
  }

  /** The buffer is 2 + 0.5 = 2.5, then 0.9 * 2.5 + 2 + 0.5 * 0.75 = 4.625. */
  @Test
  void decaysWeightsWithinTheBuffer() {
    assertSteps(0.9, 0.5, false, 0.75f, 0.2875f);
  }

  /** Steps of 2 + 0.9 * 2 = 3.8, then 2 + 0.9 * 3.8 = 5.42. */
  @Test
  void looksAheadWithNesterov() {
    assertSteps(0.9, 0, true, 0.62f, 0.078f);
  }

  @Test
  void changesTheRateFromStepToStep() {
    NDArray weight = variable(1);
    var sgd = new Sgd(manager, List.of(weight), 0.9, 0, false);
    sgd.step(loss(weight), 0.1);
    sgd.step(loss(weight), 0.01); // the buffer holds gradients, not steps: 0.8 - 0.01 * 3.8
    assertThat(Floats.of(weight)).containsExactly(new float[] {0.762f}, within(1e-6f));
  }

  @Test
  void stepsEveryWeightDownItsOwnGradient() {
    NDArray first = variable(1, 2);
    NDArray second = variable(3);
    var sgd = new Sgd(manager, List.of(first, second), 0.9, 0, false);
    NDArray loss = Torch.recording(() -> first.sum().add(second.mul(-4).sum()));
    sgd.step(loss, 0.5);
    assertThat(Floats.of(first)).containsExactly(0.5f, 1.5f);
    assertThat(Floats.of(second)).containsExactly(5);
  }

  /**
   * Images are channels-last in memory, and so is what autograd makes of their kernels; a step of 1
   * takes exactly the gradient off each weight, whatever its place in memory.
   */
  @ParameterizedTest
  @EnumSource
  void findsEachGradientWhateverTheMemoryLayout(Precision precision) {
    Conv2d conv =
        Floats.fill(manager, new Conv2d(2, 4, 3, 1), Map.of("weight", Floats.random(72, 1)));
    byte[] bytes = new byte[2 * 5 * 5 * 2];
    new Random(2).nextBytes(bytes);
    NDArray images =
        Ops.images(
            manager.create(ByteBuffer.wrap(bytes), new Shape(2, 5, 5, 2), DataType.UINT8),
            manager.create(new float[] {128, 128}),
            manager.create(new float[] {0.01f, 0.01f}),
            precision);
    NDArray share = manager.create(Floats.random(8, 3), new Shape(2, 4));
    Supplier<NDArray> loss =
        () -> Torch.recording(() -> Ops.globalAveragePool(conv.apply(images)).mul(share).sum());

    float[] weights = Floats.of(conv.weight());
    float[] gradients = Floats.of(Ops.gradients(loss.get(), List.of(conv.weight())).get(0));
    new Sgd(manager, List.of(conv.weight()), 0.9, 0, false).step(loss.get(), 1);

    float[] expected = new float[weights.length];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = weights[i] - gradients[i];
    }
    assertThat(Floats.of(conv.weight())).containsExactly(expected, within(1e-6f));
  }

  private void assertSteps(
      double momentum, double weightDecay, boolean nesterov, float first, float second) {
    NDArray weight = variable(1);
    var sgd = new Sgd(manager, List.of(weight), momentum, weightDecay, nesterov);
    sgd.step(loss(weight), 0.1);
    assertThat(Floats.of(weight)).containsExactly(new float[] {first}, within(1e-6f));
    sgd.step(loss(weight), 0.1);
    assertThat(Floats.of(weight)).containsExactly(new float[] {second}, within(1e-6f));
  }

  private NDArray variable(float... values) {
    NDArray weight = manager.create(values);
    weight.setRequiresGradient(true);
    return weight;
  }

  private static NDArray loss(NDArray weight) {
    return Torch.recording(() -> weight.mul(2).sum());
  }
}
