package io.backdoorgrid.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class InitialWeightsTest {

  private static final int WIDTH = 400;

  private final InitialWeights weights = new InitialWeights(new Seed("a1").stream("weights"));

  /**
   * Uniform numbers up to b have the mean square b^2 / 3; here b is one over the root of inputs.
   */
  @Test
  void drawsUniformlyWithinOneOverTheRootOfInputs() {
    try (NDManager manager = Torch.newManager(Device.cpu())) {
      NDArray matrix =
          weights.of("weight").initialize(manager, new Shape(WIDTH, WIDTH), DataType.FLOAT32);
      assertThat(matrix.abs().max().getFloat()).isBetween(0.9999f / 20, 1f / 20);
      assertThat(meanSquare(matrix) * WIDTH).isCloseTo(1 / 3f, within(0.01f));
    }
  }

  @Test
  void keepsTheSizeOfWhatPassesRectifiers() {
    try (NDManager manager = Torch.newManager(Device.cpu())) {
      NDArray x = manager.ones(new Shape(1, WIDTH));
      for (int layer = 0; layer < 10; layer++) {
        NDArray matrix =
            weights
                .ofRectified("weight")
                .initialize(manager, new Shape(WIDTH, WIDTH), DataType.FLOAT32);
        x = Ops.relu(x.matMul(matrix));
      }
      assertThat(meanSquare(x)).isBetween(0.5f, 2f);
    }
  }

  @Test
  void startsBiasesAtZero() {
    try (NDManager manager = Torch.newManager(Device.cpu())) {
      NDArray bias =
          weights.ofRectified("bias").initialize(manager, new Shape(3), DataType.FLOAT32);
      assertThat(bias.toFloatArray()).containsExactly(0, 0, 0);
    }
  }

  private static float meanSquare(NDArray array) {
    return array.mul(array).mean().getFloat();
  }
}
