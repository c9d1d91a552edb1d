package io.backdoorgrid.defense.holder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.SafeTensors.Tensor;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import java.util.LinkedHashMap;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class MinMaxTest {

  private final NDManager manager = Torch.newManager(Device.cpu());

  @AfterEach
  void close() {
    manager.close();
  }

  /** The columns 2, 6, 4 and -1, 0, 1. */
  @Test
  void scalesEachFeatureByItsRange() {
    NDArray features = rows(2, 2, -1, 6, 0, 4, 1);
    assertThat(MinMax.of(features).apply(features).toFloatArray())
        .containsExactly(0, 0, 1, 0.5f, 0.5f, 1);
    assertThat(features.toFloatArray()).containsExactly(2, -1, 6, 0, 4, 1);
  }

  /** Exactly, since Hölder constants take a sample at an edge for one that cannot move. */
  @Test
  void givesEveryFeatureExactlyZeroAndOne() {
    var random = new Random(1);
    int width = 1000;
    float[] values = new float[3 * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = 10 * random.nextFloat() - 5;
    }
    NDArray features = rows(width, values);
    NDArray scaled = MinMax.of(features).apply(features);
    assertThat(scaled.min(new int[] {0}).toFloatArray()).containsOnly(0);
    assertThat(scaled.max(new int[] {0}).toFloatArray()).containsOnly(1);
  }

  @Test
  void makesAConstantFeatureZeroWhateverComesLater() {
    MinMax scaling = MinMax.of(rows(2, 7, 0, 7, 1));
    assertThat(scaling.apply(rows(2, 7, 0, -3, 1, 1e30f, 0)).toFloatArray())
        .containsExactly(new float[] {0, 0, 0, 1, 0, 0}, within(0f));
  }

  /** A range from 2 to 6: 10 is a range above it, 0 half of one below. */
  @Test
  void doesNotClipWhatLiesOutside() {
    MinMax scaling = MinMax.of(rows(1, 2, 6));
    assertThat(scaling.apply(rows(1, 10, 0)).toFloatArray()).containsExactly(2, -0.5f);
  }

  @Test
  void scalesTheSameAfterItWasStored() {
    var random = new Random(2);
    float[] values = new float[40];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 4 == 3 ? 5 : random.nextFloat(); // the last feature is constant
    }
    NDArray features = rows(4, values);
    MinMax scaling = MinMax.of(features);
    var tensors = new LinkedHashMap<String, Tensor>();
    scaling.store(tensors);
    byte[] stored = new SafeTensors(tensors).toBytes();
    assertThat(MinMax.load(manager, SafeTensors.parse(stored)).apply(features).toFloatArray())
        .isEqualTo(scaling.apply(features).toFloatArray());
  }

  private NDArray rows(int width, float... values) {
    return manager.create(values, new Shape(values.length / width, width));
  }
}
