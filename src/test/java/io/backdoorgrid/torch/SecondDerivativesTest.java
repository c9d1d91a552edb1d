package io.backdoorgrid.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TorchThread.class)
class SecondDerivativesTest {

  private final NDManager manager = Torch.newManager(Device.cpu());

  @AfterEach
  void close() {
    manager.close();
  }

  /** The sum of x^3 has the derivatives 3 x^2 and 6 x. */
  @Test
  void differentiatesACubeTwice() {
    NDArray x = variable(1, -2, 0.5);
    NDArray slope =
        Torch.recording(
            () -> Ops.differentiableGradients(x.mul(x).mul(x).sum(), List.of(x)).get(0));
    assertThat(slope.toDoubleArray()).containsExactly(3, 12, 0.75);
    assertThat(product(slope, row(1, 1, 1), x)).containsExactly(6, -12, 3);
  }

  /** x^T A x / 2 with A = ((2, 1), (1, -3)): A (4, 5) = (13, -11), wherever x is. */
  @Test
  void multipliesAVectorByTheHessianOfAQuadraticForm() {
    NDArray a = manager.create(new double[] {2, 1, 1, -3}, new Shape(2, 2));
    NDArray x = variable(7, -0.25);
    NDArray slope =
        Torch.recording(
            () -> {
              NDArray form = Ops.scaled(x.mul(a.matMul(x)).sum(), 0.5);
              return Ops.differentiableGradients(form, List.of(x)).get(0);
            });
    assertThat(product(slope, row(4, 5), x)).containsExactly(13, -11);
    assertThat(product(slope, row(1, 0), x))
        .as("another product of the same pass")
        .containsExactly(2, 1);
  }

  /** Of sum t d^2, the slope 2 t d along d changes by 2 d with t and by 2 t with d. */
  @Test
  void mixesVariablesAndAddsOutputs() {
    NDArray t = variable(2, 3);
    NDArray d = variable(5, -1);
    List<NDArray> slopes =
        Torch.recording(() -> Ops.differentiableGradients(t.mul(d.square()).sum(), List.of(d, t)));
    List<NDArray> second =
        Ops.vectorJacobianProducts(List.of(slopes.get(0)), List.of(row(1, 10)), List.of(t, d));
    assertThat(second.get(0).toDoubleArray()).containsExactly(10, -20);
    assertThat(second.get(1).toDoubleArray()).containsExactly(4, 60);
    // The slope along t is d^2, which changes by 2 d with d.
    List<NDArray> both =
        Ops.vectorJacobianProducts(slopes, List.of(row(1, 10), row(1, 1)), List.of(d));
    assertThat(both.get(0).toDoubleArray()).containsExactly(4 + 10, 60 - 2);
  }

  @Test
  void isZeroWhereNothingDependsOnAVariable() {
    NDArray x = variable(3);
    NDArray other = variable(1, 2);
    List<NDArray> slopes =
        Torch.recording(() -> Ops.differentiableGradients(x.square().sum(), List.of(x, other)));
    assertThat(slopes.get(1).toDoubleArray()).containsExactly(0, 0);
    assertThat(product(slopes.get(0), row(1), other)).containsExactly(0, 0);
  }

  /** Zeros would pass for a result. */
  @Test
  void failsWhereNothingWasRecorded() {
    NDArray x = variable(3);
    NDArray slope = Ops.gradients(Torch.recording(() -> x.square().sum()), List.of(x)).get(0);
    assertThatThrownBy(() -> product(slope, row(1), x))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("does not require grad");
  }

  /**
   * The inner loss d^2 - t d is least at d = t / 2; there the outer loss (d - 3)^2 / 2 has the
   * slope (t / 2 - 3) / 2 = -1.25 along t. Steps v := v - H v / 10 + (d - 3) lead there: after k of
   * them v is -2.5 (1 - 0.8^k) / 0.2, and a tenth of it near that slope.
   */
  @ParameterizedTest
  @CsvSource({"1, -0.25", "5, -0.8404", "50, -1.24998216"})
  void findsAHypergradientByFixedPointIteration(int steps, double expected) {
    NDArray t = variable(1);
    NDArray d = variable(0.5);
    NDArray inner =
        Torch.recording(
            () -> Ops.differentiableGradients(d.square().sub(t.mul(d)).sum(), List.of(d)).get(0));
    assertThat(inner.toDoubleArray()).as("d minimises the inner loss").containsExactly(0);
    NDArray v = manager.zeros(new Shape(1), DataType.FLOAT64);
    for (int k = 0; k < steps; k++) {
      v = v.sub(manager.create(product(inner, v, d)).mul(0.1)).add(d.sub(3));
    }
    assertThat(-0.1 * product(inner, v, t)[0]).isCloseTo(expected, within(1e-8));
  }

  /**
   * Convolution, batch-norm in evaluation mode, a smooth step or a rectifier, cross entropy. In
   * float64, where differences of first derivatives have nine digits.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void hasTheDifferencesOfANetworksFirstDerivatives(boolean rectified) {
    var network = new SmallNetwork(rectified);
    NDArray input = random(1, 4, 3, 6, 6);
    NDArray kernels = random(2, 5, 3, 3, 3);
    NDArray v = random(3, 4, 3, 6, 6);
    NDArray slope =
        Torch.recording(
            () -> Ops.differentiableGradients(network.loss(input, kernels), List.of(input)).get(0));
    List<NDArray> products =
        Ops.vectorJacobianProducts(List.of(slope), List.of(v), List.of(input, kernels));

    assertClose(products.get(0), differences(input, v, x -> slopes(network, x, kernels).get(0)));
    assertClose(products.get(1), differences(input, v, x -> slopes(network, x, kernels).get(1)));
  }

  private List<NDArray> slopes(SmallNetwork network, NDArray input, NDArray kernels) {
    return Ops.gradients(
        Torch.recording(() -> network.loss(input, kernels)), List.of(input, kernels));
  }

  private NDArray differences(NDArray x, NDArray v, Function<NDArray, NDArray> slope) {
    NDArray more = slope.apply(required(x.add(v.mul(1e-5)).stopGradient()));
    NDArray less = slope.apply(required(x.sub(v.mul(1e-5)).stopGradient()));
    return more.sub(less).div(2e-5);
  }

  private static void assertClose(NDArray actual, NDArray expected) {
    double largest = expected.abs().max().getDouble();
    assertThat(largest).isGreaterThan(1e-4);
    assertThat(actual.toDoubleArray())
        .containsExactly(expected.toDoubleArray(), within(1e-7 * largest));
  }

  private final class SmallNetwork {
    private final NDArray gamma = manager.create(new double[] {1, 2, 0.5, -1, 1});
    private final NDArray beta = manager.create(new double[] {0, 0.1, -0.1, 0.2, 0});
    private final NDArray mean = manager.create(new double[] {0.1, 0, -0.3, 0, 0.2});
    private final NDArray var = manager.create(new double[] {1, 2, 1, 0.5, 1});
    private final NDArray head = random(4, 5, 3).stopGradient();
    private final NDArray labels = manager.create(new long[] {0, 1, 2, 1});
    private final boolean rectified;

    SmallNetwork(boolean rectified) {
      this.rectified = rectified;
    }

    NDArray loss(NDArray input, NDArray kernels) {
      NDArray maps = Ops.convolution(input, kernels, 1);
      NDArray shown =
          rectified
              ? Ops.call("norm_relu_eval", maps, gamma, beta, mean, var)
              : Ops.stepped(Ops.call("norm_eval", maps, gamma, beta, mean, var), 1, 0);
      return Ops.crossEntropy(Ops.matrixProduct(Ops.globalAveragePool(shown), head), labels, 0);
    }
  }

  /** The layer that networks are made of, with its batch-norm folded into the kernels. */
  @Test
  void passesThroughAConvolutionWithItsNorm() {
    Conv2d conv =
        Floats.fill(manager, new Conv2d(3, 4, 3, 1), Map.of("weight", Floats.random(108, 1)));
    BatchNorm2d norm =
        Floats.fill(
            manager,
            new BatchNorm2d(4),
            Map.of(
                "weight", new float[] {1, 2, -1, 0.5f},
                "bias", new float[] {0, 0.1f, 0.2f, 0},
                "running_mean", new float[] {0, 0.1f, 0, 0},
                "running_var", new float[] {1, 1, 2, 0.5f}));
    var layer = new ConvNorm(conv, norm);
    NDArray labels = manager.create(new long[] {0, 3});
    NDArray input = random(1, 2, 3, 6, 6);
    NDArray v = random(3, 2, 3, 6, 6);
    Function<NDArray, NDArray> loss =
        x ->
            Torch.recording(
                () -> {
                  NDArray maps = layer.applyRelu(x, false);
                  return Ops.crossEntropy(Ops.globalAveragePool(maps), labels, 0);
                });
    NDArray slope =
        Torch.recording(
            () -> Ops.differentiableGradients(loss.apply(input), List.of(input)).get(0));
    List<NDArray> products =
        Ops.vectorJacobianProducts(
            List.of(slope), List.of(v), List.of(input, conv.weight(), norm.gamma()));
    assertClose(
        products.get(0),
        differences(input, v, x -> Ops.gradients(loss.apply(x), List.of(x)).get(0)));
    NDArray ofKernels =
        differences(input, v, x -> Ops.gradients(loss.apply(x), List.of(conv.weight())).get(0));
    // Kernels, and so their slopes, are float32.
    assertThat(Floats.of(products.get(1)))
        .containsExactly(
            ofKernels.toFloatArray(), within(0.01f * ofKernels.abs().max().getFloat()));
    assertThat(products.get(2).getShape()).isEqualTo(new Shape(4));
  }

  /** Each holds more than a megabyte, four arrays of 2^16 float32 numbers. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void keepsNothingOfAThousandProducts() throws IOException {
    takeProducts(100);
    long before = residentMegabytes();
    takeProducts(1000);
    assertThat(residentMegabytes() - before).isLessThan(100);
  }

  private void takeProducts(int count) {
    for (int i = 0; i < count; i++) {
      try (NDManager scope = manager.newSubManager()) {
        NDArray x = required(scope.ones(new Shape(1 << 16)));
        NDArray slope =
            Torch.recording(
                () -> Ops.differentiableGradients(Ops.stepped(x, 1, 0).sum(), List.of(x)).get(0));
        Ops.vectorJacobianProducts(List.of(slope), List.of(x), List.of(x));
      }
    }
  }

  private static long residentMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  private double[] product(NDArray output, NDArray vector, NDArray variable) {
    return Ops.vectorJacobianProducts(List.of(output), List.of(vector), List.of(variable))
        .get(0)
        .toDoubleArray();
  }

  private NDArray row(double... values) {
    return manager.create(values);
  }

  private NDArray variable(double... values) {
    return required(row(values));
  }

  private NDArray random(long seed, long... shape) {
    var random = new Random(seed);
    double[] values = random.doubles(new Shape(shape).size(), -1, 1).toArray();
    return required(manager.create(values, new Shape(shape)));
  }

  private static NDArray required(NDArray array) {
    array.setRequiresGradient(true);
    return array;
  }
}
