package io.backdoorgrid.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * 1x1 convolutions whose channels are no multiple of 16, on two threads: in channels-last memory
 * their weight gradients corrupted the heap, which ended the process within a few steps.
 */
class NarrowConvolutionTest {

  private static final int STEPS = 40;
  private static final int EDGE = 16;

  @BeforeAll
  static void useTwoThreads() {
    Torch.prepareThread(2);
  }

  @AfterAll
  static void useOneThreadAgain() {
    Torch.prepareThread(1);
  }

  @ParameterizedTest
  @CsvSource({"FLOAT32, 35, 8", "BFLOAT16, 35, 8", "BFLOAT16, 37, 12", "FLOAT32, 31, 4"})
  void weightGradientsStayWithinTheirMemory(Precision precision, int batch, int channels) {
    try (NDManager manager = Torch.newManager(Device.cpu())) {
      NDArray zero = manager.zeros(new Shape(3));
      NDArray one = manager.ones(new Shape(3));
      // Copies the one channel that is 1 everywhere into all that the narrow kernel reads.
      NDArray spread = manager.zeros(new Shape(channels, 3, 3, 3));
      spread.set(new NDIndex(":, 0, 1, 1"), 1);
      NDArray kernel = manager.ones(new Shape(2 * channels, channels, 1, 1));
      kernel.setRequiresGradient(true);
      NDArray row = manager.ones(new Shape(1, 2 * channels));
      NDArray bias = manager.zeros(new Shape(1));
      for (int step = 0; step < STEPS; step++) {
        try (NDManager scope = manager.newSubManager()) {
          NDArray bytes = scope.full(new Shape(batch, EDGE, EDGE, 3), 1, DataType.UINT8);
          NDArray x =
              Ops.call("conv", Ops.images(bytes, zero, one, precision), spread, Ops.stride(1));
          NDArray sum =
              Torch.recording(
                  () -> {
                    NDArray y = Ops.call("conv", x, kernel, Ops.stride(2));
                    return Ops.call("linear", Ops.globalAveragePool(y), row, bias).sum();
                  });
          NDArray gradient = Ops.gradients(sum, List.of(kernel)).get(0);
          // Every input is 1, so each weight's derivative of the summed means is the batch size.
          assertThat(gradient.toFloatArray()).containsOnly(batch);
        }
      }
    }
  }

  /** Those of a lone convolution, which benchmarks take; with AVX2 on one thread, too. */
  @ParameterizedTest
  @CsvSource({"FLOAT32, 128, 2", "FLOAT32, 35, 8", "BFLOAT16, 37, 12"})
  void kernelGradientsStayWithinTheirMemory(Precision precision, int batch, int channels) {
    try (NDManager manager = Torch.newManager(Device.cpu())) {
      NDArray zero = manager.zeros(new Shape(channels));
      NDArray one = manager.ones(new Shape(channels));
      NDArray kernel = manager.ones(new Shape(2 * channels, channels, 1, 1));
      NDArray pixels = manager.full(new Shape(batch, EDGE, EDGE, channels), 1, DataType.UINT8);
      NDArray x = Ops.images(pixels, zero, one, precision);
      for (int step = 0; step < STEPS; step++) {
        try (NDArray y = Ops.convolution(x, kernel, 2);
            NDArray gradient = Ops.convolutionBackward(x, kernel, y, 2, true)) {
          // Each of the kernel's outputs is the sum of the channels, at a quarter of the pixels.
          assertThat(gradient.toFloatArray())
              .containsOnly((float) batch * EDGE * EDGE / 4 * channels);
        }
      }
    }
  }
}
