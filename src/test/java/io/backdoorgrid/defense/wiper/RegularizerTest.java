package io.backdoorgrid.defense.wiper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(TorchThread.class)
class RegularizerTest {

  private static final Offset<Float> TOLERANCE = within(1e-6f);

  private final NDManager manager = Torch.newManager(Device.cpu());

  @AfterEach
  void close() {
    manager.close();
  }

  /** e = 2.718282, e^2 = 7.389056; the two pieces of AR meet at 1 with slope 1. */
  @ParameterizedTest
  @CsvSource({
    "AR,          0,    0,         0",
    "AR,          0.5,  0.5,       1",
    "AR,         -0.5,  0.5,      -1",
    "AR,          1,    1,         1",
    "AR,         -1,    1,        -1",
    "AR,          2,    2.718282,  2.718282",
    "AR,         -2,    2.718282, -2.718282",
    "AR,          3,    7.389056,  7.389056",
    "AR_PRINTED,  0.5,  0.5,       1",
    "AR_PRINTED, -0.5,  0.5,      -1",
    "AR_PRINTED,  2,    2.718282,  2.718282",
    "AR_PRINTED, -2,   -2.718282,  2.718282",
    "L1,         -3,    3,        -1",
    "L1,          0,    0,         0",
    "L2,         -3,    9,        -6",
    "L2_NORM,    -3,    3,        -1",
    "L2_NORM,     0,    0,         0"
  })
  void penalisesAWeight(Regularizer regularizer, float weight, float penalty, float slope) {
    NDArray weights = variable(new Shape(1, 1), weight);
    NDArray loss = Torch.recording(() -> regularizer.of(weights, 1));
    assertThat(loss.getFloat()).isCloseTo(penalty, within(2e-6f));
    assertThat(Ops.gradients(loss, List.of(weights)).get(0).toFloatArray())
        .containsExactly(new float[] {slope}, within(2e-6f));
  }

  /** 0.5 + 2.718282 + 1 + 0.25, 2 |w| of each and so on. */
  @ParameterizedTest
  @CsvSource({"AR, 4.468282", "L1, 3.75", "L2, 5.3125"})
  void sumsOverAllWeights(Regularizer regularizer, float sum) {
    NDArray weights = variable(new Shape(2, 2), 0.5f, -2, 1, 0.25f);
    assertThat(regularizer.of(weights, 1).getFloat()).isCloseTo(sum, TOLERANCE);
  }

  /** Columns (3, 4), (0, 0): norms 5 and 0; rows (3, 0), (4, 0): norms 3 and 4. */
  @ParameterizedTest
  @CsvSource({"1, 5, 0.6, 0.8", "0, 7, 1, 1"})
  void sumsTheNormsOfNeurons(int axis, float sum, float first, float second) {
    NDArray weights = variable(new Shape(2, 2), 3, 0, 4, 0);
    NDArray loss = Torch.recording(() -> Regularizer.L2_NORM.of(weights, axis));
    assertThat(loss.getFloat()).isCloseTo(sum, within(1e-5f));
    assertThat(Ops.gradients(loss, List.of(weights)).get(0).toFloatArray())
        .containsExactly(new float[] {first, 0, second, 0}, TOLERANCE);
  }

  /** Two kernels of one weight each on two input channels: a neuron is (3, 4), another (6, 8). */
  @Test
  void takesTheNormsOfInputChannelsOfKernels() {
    NDArray kernels = variable(new Shape(2, 2, 1, 1), 3, 6, 4, 8);
    assertThat(Regularizer.L2_NORM.of(kernels, 1).getFloat()).isCloseTo(15, within(1e-5f));
  }

  private NDArray variable(Shape shape, float... values) {
    NDArray array = manager.create(values, shape);
    array.setRequiresGradient(true);
    return array;
  }
}
