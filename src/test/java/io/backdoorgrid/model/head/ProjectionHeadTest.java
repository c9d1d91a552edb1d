package io.backdoorgrid.model.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(TorchThread.class)
class ProjectionHeadTest {

  private final NDManager manager = Torch.newManager(Device.cpu());

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void isLinearNormReluLinear() {
    ProjectionHead head = head("a1");
    assertThat(head.namedParameters().keySet())
        .containsExactly(
            "first.weight",
            "first.bias",
            "norm.weight",
            "norm.bias",
            "norm.running_mean",
            "norm.running_var",
            "second.weight",
            "second.bias");
    assertThat(head.trainable()).hasSize(6);
  }

  @ParameterizedTest
  @EnumSource
  void projectsFeaturesOfEitherPrecisionToFloat32(Precision precision) {
    NDArray projected = head("a1").project(Ops.cast(features(1), precision), true);
    assertThat(projected.getShape()).isEqualTo(new Shape(10, 3));
    assertThat(projected.getDataType()).isEqualTo(DataType.FLOAT32);
  }

  /** The batch-norm takes the factor out, up to its eps; running statistics do not. */
  @Test
  void normalisesByTheBatchOnlyWhileTraining() {
    float[] trained = head("a1").project(features(100), true).toFloatArray();
    assertThat(head("a1").project(features(1000), true).toFloatArray())
        .containsExactly(trained, within(1e-3f));
    float[] evaluated = head("a1").project(features(100), false).toFloatArray();
    float[] larger = head("a1").project(features(1000), false).toFloatArray();
    assertThat(larger[0]).isCloseTo(10 * evaluated[0], within(1e-2f)).isNotZero();
  }

  @Test
  void drawsAllWeightsFromTheSeed() {
    float[] first = head("a1").project(features(1), true).toFloatArray();
    assertThat(head("a1").project(features(1), true).toFloatArray()).isEqualTo(first);
    assertThat(head("a2").project(features(1), true).toFloatArray()).isNotEqualTo(first);
  }

  /** Four features to three numbers. */
  private ProjectionHead head(String seed) {
    return ProjectionHead.create(manager, 4, 3, new Seed(seed).stream("head"));
  }

  private NDArray features(float scale) {
    float[] values = new float[40];
    for (int i = 0; i < values.length; i++) {
      values[i] = scale * (float) Math.sin(i + 1);
    }
    return manager.create(values, new Shape(10, 4));
  }
}
