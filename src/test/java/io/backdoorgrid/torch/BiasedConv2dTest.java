package io.backdoorgrid.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class BiasedConv2dTest {

  private final NDManager manager = Torch.newManager(Device.cpu());

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void addsItsBiasToEveryPixel() {
    var conv = filled(new BiasedConv2d(1, 2, 1, 1), new float[] {2, -1}, 10, 20);
    NDArray y = conv.apply(image(1, 3, 1, 2, 3));
    assertThat(y.getShape()).isEqualTo(new Shape(1, 2, 1, 3));
    assertThat(Floats.of(y)).containsExactly(12, 14, 16, 19, 18, 17);
  }

  /** Of 1 2 / 3 4, each sum begins at its own pixel; what is beyond the edges is 0. */
  @Test
  void reachesRightAndDownIfItsSizeIsEven() {
    var conv = filled(new BiasedConv2d(1, 1, 2, 1), new float[] {1, 1, 1, 1}, 10);
    NDArray y = conv.apply(image(2, 2, 1, 2, 3, 4));
    assertThat(Floats.of(y)).containsExactly(20, 16, 17, 14);
  }

  @Test
  void cutsNegativeNumbersOff() {
    var conv = filled(new BiasedConv2d(1, 1, 2, 1), new float[] {1, 1, 1, 1}, -6);
    assertThat(Floats.of(conv.applyRelu(image(2, 2, 1, 2, 3, 4)))).containsExactly(4, 0, 1, 0);
  }

  /** Sums of 3x3 ones around the corners of 3x3 ones. */
  @Test
  void halvesTheSizeAndRoundsUp() {
    float[] ones = new float[9];
    Arrays.fill(ones, 1);
    var conv = filled(new BiasedConv2d(1, 1, 3, 2), ones, 0);
    NDArray y = conv.apply(image(3, 3, ones));
    assertThat(y.getShape()).isEqualTo(new Shape(1, 1, 2, 2));
    assertThat(Floats.of(y)).containsExactly(4, 4, 4, 4);
  }

  /** The bias is added to four pixels; the last of the four kernel values sees one of them. */
  @Test
  void learnsKernelAndBias() {
    var conv = filled(new BiasedConv2d(1, 1, 2, 1), new float[] {0, 0, 0, 0}, 0);
    NDArray sum = Torch.recording(() -> conv.apply(image(2, 2, 1, 2, 3, 4)).sum());
    List<NDArray> gradients = Ops.gradients(sum, conv.trainable());
    assertThat(Floats.of(gradients.get(0))).containsExactly(10, 6, 7, 4);
    assertThat(Floats.of(gradients.get(1))).containsExactly(4);
  }

  private BiasedConv2d filled(BiasedConv2d conv, float[] weight, float... bias) {
    return Floats.fill(manager, conv, Map.of("weight", weight, "bias", bias));
  }

  private NDArray image(int height, int width, float... values) {
    return manager.create(values, new Shape(1, 1, height, width));
  }
}
