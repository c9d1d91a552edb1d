package io.backdoorgrid.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class AdamTest {

  private final NDManager manager = Torch.newManager(Device.cpu());

  @AfterEach
  void close() {
    manager.close();
  }

  /**
   * The first step is the rate in every direction: mean and root of the square are the gradient.
   */
  @Test
  void firstStepIsTheRateWhateverTheGradient() {
    NDArray weights = variable(1, -2, 5);
    var adam = new Adam(manager, List.of(weights));
    adam.step(loss(weights, 3, -0.01f, 200), 0.1);
    assertThat(Floats.of(weights)).containsExactly(new float[] {0.9f, -1.9f, 4.9f}, within(1e-5f));
  }

  /**
   * Gradients 1, then -2: mean (0.9 * 0.1 - 0.1 * 2) / (1 - 0.81) = -0.578947, square (0.999 *
   * 0.001 + 0.001 * 4) / (1 - 0.998001) = 2.500750; the second step is 0.1 * 0.578947 / 1.581376 =
   * 0.036610 up.
   */
  @Test
  void remembersGradientsAndTheirSquares() {
    NDArray weights = variable(0);
    var adam = new Adam(manager, List.of(weights));
    adam.step(loss(weights, 1), 0.1);
    assertThat(Floats.of(weights)).containsExactly(new float[] {-0.1f}, within(1e-6f));
    adam.step(loss(weights, -2), 0.1);
    assertThat(Floats.of(weights)).containsExactly(new float[] {-0.063390f}, within(1e-6f));
  }

  /**
   * Gradients 1, then -2, with betas of 0.5 and 0.9: mean (0.25 - 1) / 0.75 = -1, square (0.09 +
   * 0.4) / 0.19 = 2.578947; the second step is 0.1 / 1.605910 = 0.062270 up.
   */
  @Test
  void forgetsAsFastAsItsBetasSay() {
    NDArray weights = variable(0);
    var adam = new Adam(manager, List.of(weights), 0.5, 0.9);
    adam.step(loss(weights, 1), 0.1);
    adam.step(Ops.gradients(loss(weights, -2), List.of(weights)), 0.1);
    assertThat(Floats.of(weights)).containsExactly(new float[] {-0.037730f}, within(1e-6f));
  }

  @Test
  void leavesAWeightWithoutGradientAlone() {
    NDArray weights = variable(1, 2);
    var adam = new Adam(manager, List.of(weights));
    for (int i = 0; i < 3; i++) {
      adam.step(loss(weights, 1, 0), 0.1);
    }
    assertThat(Floats.of(weights)[1]).isEqualTo(2);
  }

  private NDArray variable(float... values) {
    NDArray variable = manager.create(values);
    variable.setRequiresGradient(true);
    return variable;
  }

  private NDArray loss(NDArray weights, float... gradient) {
    return Torch.recording(() -> weights.mul(manager.create(gradient)).sum());
  }
}
