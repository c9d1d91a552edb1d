package io.backdoorgrid.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TorchThread.class)
class ChannelNormsTest {

  private static final Percentage MILLIONTH = withinPercentage(1e-4);

  private final NDManager manager = Torch.newManager(Device.cpu());

  @AfterEach
  void close() {
    manager.close();
  }

  /** The Frobenius norm would be 5. */
  @Test
  void isTheLargerOfTwoOrthogonalRows() {
    assertThat(norms(1, 2, 2, 3, 0, 0, 0, 0, 4, 0, 0)).containsExactly(4);
  }

  /** Of rank one: the root of the sum of all squares, 150. */
  @Test
  void isTheFrobeniusNormAtRankOne() {
    double[] norms = norms(2, 2, 2, 1, 2, 3, 4, 2, 4, 6, 8, -1, -2, -3, -4, -2, -4, -6, -8);
    assertThat(norms[0]).isCloseTo(12.2474487, MILLIONTH);
    assertThat(norms[1]).isCloseTo(12.2474487, MILLIONTH);
  }

  /** One column: its length, the root of 9 + 16 + 144. */
  @Test
  void isTheLengthOfASingleColumn() {
    double[] norms = norms(2, 3, 1, 3, 4, 12, 0, -2, 0);
    assertThat(norms[0]).isCloseTo(13, MILLIONTH);
    assertThat(norms[1]).isCloseTo(2, MILLIONTH);
  }

  @Test
  void isZeroForAZeroKernel() {
    assertThat(norms(1, 2, 3, new float[18])).containsExactly(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5, 7})
  void findsAnEigenvalueThatAllColumnsShare(int size) {
    int columns = size * size;
    float[] identity = new float[columns * columns];
    for (int i = 0; i < columns; i++) {
      identity[i * columns + i] = 2;
    }
    assertThat(norms(1, columns, size, identity)[0]).isCloseTo(2, MILLIONTH);
  }

  @ParameterizedTest
  @CsvSource({"5, 3", "1, 3", "64, 3", "512, 3", "9, 1", "6, 2", "4, 5", "3, 7"})
  void equalsTheSvdOnRandomKernels(int in, int size) {
    int channels = 20;
    int columns = size * size;
    float[] kernels = Floats.random(channels * in * columns, 7);
    double[] norms = norms(channels, in, size, kernels);
    for (int k = 0; k < channels; k++) {
      float[] kernel = Arrays.copyOfRange(kernels, k * in * columns, (k + 1) * in * columns);
      assertThat(norms[k]).isCloseTo(largestSingularValue(kernel, in, columns), MILLIONTH);
    }
  }

  @Test
  void scalesWithTheKernel() {
    float[] kernel = Floats.random(5 * 9, 7);
    float[] larger = new float[kernel.length];
    for (int i = 0; i < kernel.length; i++) {
      larger[i] = 1024 * kernel[i];
    }
    assertThat(norms(1, 5, 3, larger)[0]).isCloseTo(1024 * norms(1, 5, 3, kernel)[0], MILLIONTH);
  }

  /** 1e20 squared is beyond float32. */
  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, 1e20f})
  void isNotANumberWhereAWeightIsBeyondAllBounds(float weight) {
    for (int size : new int[] {1, 3}) {
      float[] kernels = new float[2 * size * size];
      kernels[0] = weight;
      kernels[size * size] = 3;
      assertThat(norms(2, 1, size, kernels)).containsExactly(Double.NaN, 3);
    }
  }

  @Test
  void measuresTheLengthOfEveryKernel() {
    NDArray kernels =
        manager.create(
            new float[] {3, 0, 0, 0, 0, 4, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1}, new Shape(2, 2, 2, 2));
    NDArray one = manager.create(new float[] {-2}, new Shape(1, 1, 1, 1));
    assertThat(ChannelNorms.euclidean(List.of(kernels, one)))
        .containsExactly(new float[] {5, (float) Math.sqrt(8), 2}, within(1e-6f));
  }

  private double[] norms(int channels, int in, int size, float... kernels) {
    return ChannelNorms.spectral(manager.create(kernels, new Shape(channels, in, size, size)));
  }

  private static double largestSingularValue(float[] b, int rows, int columns) {
    var matrix = new Array2DRowRealMatrix(rows, columns);
    for (int i = 0; i < b.length; i++) {
      matrix.setEntry(i / columns, i % columns, b[i]);
    }
    return new SingularValueDecomposition(matrix).getNorm();
  }
}
