package io.backdoorgrid.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TorchThread.class)
class NtXentTest {

  private static final Offset<Double> MILLIONTH = within(1e-6);

  private final NDManager manager = Torch.newManager(Device.cpu());

  @AfterEach
  void close() {
    manager.close();
  }

  /** log(e^2 + 2) - 2 and log(e + 2) - 1. */
  @ParameterizedTest
  @CsvSource({"0.5, 0.239545", "1, 0.551445"})
  void isSmallWhereTheViewsOfOrthogonalImagesAgree(double temperature, double expected) {
    assertThat(loss(temperature, 2, 1, 0, 0, 1, 1, 0, 0, 1)).isCloseTo(expected, MILLIONTH);
  }

  /** The partner is as far off as one other view, and the last is the same: log(2 + e^2). */
  @Test
  void isLargeWhereTheViewsOfAnImageDiffer() {
    assertThat(loss(0.5, 2, 1, 0, 0, 1, 0, 1, 1, 0)).isCloseTo(2.239545, MILLIONTH);
  }

  /** The logarithm of how many others there are. */
  @Test
  void cannotTellEqualViewsApart() {
    assertThat(loss(0.5, 2, 3, 4, 3, 4, 3, 4, 3, 4)).isCloseTo(Math.log(3), MILLIONTH);
  }

  @Test
  void isZeroForASingleImage() {
    assertThat(loss(0.5, 2, 1, 2, -3, 1)).isCloseTo(0, MILLIONTH);
  }

  @Test
  void sumsOverAllViewsButTheOwn() {
    double[] views = random(6, 2);
    assertThat(loss(0.3, 2, views)).isCloseTo(reference(views, 2, 0.3), MILLIONTH);
  }

  /** At 1/1000, exponents reach 1000, far beyond float32. */
  @Test
  void staysFiniteAtALowTemperature() {
    NDArray views = manager.create(new float[] {1, 0, 0, 1, -1, 0, 0, 1}, new Shape(4, 2));
    views.setRequiresGradient(true);
    NDArray loss = Torch.recording(() -> new NtXent(0.001).loss(views));
    // The first pair is opposed, 1000 from e^0 twice; the second agrees.
    assertThat(loss.getFloat()).isCloseTo((2000 + 2 * (float) Math.log(2)) / 4, within(1e-3f));
    for (float value : Ops.gradients(loss, List.of(views)).get(0).toFloatArray()) {
      assertThat(value).isFinite();
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.07, 0.5, 1})
  void hasTheGradientOfFiniteDifferences(double temperature) {
    double[] values = random(8, 5);
    NDArray views = views(5, values);
    views.setRequiresGradient(true);
    NDArray loss = Torch.recording(() -> new NtXent(temperature).loss(views));
    double[] gradient = Ops.gradients(loss, List.of(views)).get(0).toDoubleArray();
    for (int i = 0; i < values.length; i++) {
      double[] more = values.clone();
      double[] less = values.clone();
      more[i] += 1e-5;
      less[i] -= 1e-5;
      double slope = (loss(temperature, 5, more) - loss(temperature, 5, less)) / 2e-5;
      assertThat(gradient[i]).isCloseTo(slope, within(1e-7));
    }
  }

  @Test
  void dependsOnAnglesAlone() {
    double[] views = random(6, 2);
    double[] turned = new double[12];
    for (int i = 0; i < 12; i += 2) {
      turned[i] = (i + 1) * (0.6 * views[i] - 0.8 * views[i + 1]);
      turned[i + 1] = (i + 1) * (0.8 * views[i] + 0.6 * views[i + 1]);
    }
    assertThat(loss(0.5, 2, turned)).isCloseTo(loss(0.5, 2, views), within(1e-12));
  }

  @Test
  void treatsBothViewsAlike() {
    double[] views = random(6, 3);
    double[] swapped = new double[18];
    System.arraycopy(views, 9, swapped, 0, 9);
    System.arraycopy(views, 0, swapped, 9, 9);
    assertThat(loss(0.5, 3, swapped)).isCloseTo(loss(0.5, 3, views), within(1e-12));
  }

  @Test
  void takesFloat32() {
    float[] views = {1, 0, 0, 1, 1, 0, 0, 1};
    NDArray loss = new NtXent().loss(manager.create(views, new Shape(4, 2)));
    assertThat(loss.getFloat()).isCloseTo(0.239545f, within(1e-6f));
  }

  @Test
  void refusesAnOddNumberOfViewsAndATemperatureOfZero() {
    assertThatThrownBy(() -> loss(0.5, 2, 1, 0, 0, 1, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("views must come in pairs, got 3");
    assertThatThrownBy(() -> new NtXent(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("temperature must be positive, got 0.0");
  }

  private double loss(double temperature, int dimensions, double... views) {
    return new NtXent(temperature).loss(views(dimensions, views)).getDouble();
  }

  private NDArray views(int dimensions, double... values) {
    return manager.create(values, new Shape(values.length / dimensions, dimensions));
  }

  private static double[] random(int count, int dimensions) {
    var random = new Random(5);
    return random.doubles((long) count * dimensions, -1, 1).toArray();
  }

  /** The formula, in loops. */
  private static double reference(double[] views, int dimensions, double temperature) {
    int count = views.length / dimensions;
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double others = 0;
      for (int k = 0; k < count; k++) {
        others += k == i ? 0 : Math.exp(cosine(views, dimensions, i, k) / temperature);
      }
      int partner = (i + count / 2) % count;
      sum += Math.log(others) - cosine(views, dimensions, i, partner) / temperature;
    }
    return sum / count;
  }

  private static double cosine(double[] views, int dimensions, int i, int k) {
    double[] a = Arrays.copyOfRange(views, i * dimensions, (i + 1) * dimensions);
    double[] b = Arrays.copyOfRange(views, k * dimensions, (k + 1) * dimensions);
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int c = 0; c < a.length; c++) {
      sum += a[c] * b[c];
    }
    return sum;
  }
}
