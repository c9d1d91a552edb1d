package io.backdoorgrid.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.model.ResNet18;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeasurementTest {

  @Test
  void theMedianIsTheMiddleWhateverTheOrder() {
    assertThat(measurement(9, 1, 2).median()).isEqualTo(2);
    assertThat(measurement(9, 1, 2, 4).median()).isEqualTo(3);
    assertThat(measurement(9, 1, 2, 4).lowest()).isEqualTo(1);
    assertThat(measurement(9, 1, 2, 4).highest()).isEqualTo(9);
  }

  /** The list of convolutions and the architecture's own sum must tell the same network. */
  @ParameterizedTest
  @ValueSource(ints = {1, 16, 64})
  void theConvolutionsAreThoseOfTheNetwork(int width) {
    double listed =
        Convolutions.ofResNet18(width).stream()
            .mapToDouble(Convolutions.Layer::gigaMultiplications)
            .sum();
    double declared = new ResNet18(width).gigaMultiplications(new ImageShape(32, 32, 3));
    assertThat(listed).isCloseTo(declared, within(1e-12));
    assertThat(Convolutions.ofResNet18(width)).hasSize(20);
  }

  @Test
  void shortBodiesRunOftenEnoughForTheClock() {
    int[] runs = {0};
    List<Double> seconds =
        Repeats.seconds(
            Device.cpu(),
            2,
            () -> {
              runs[0]++;
              busyMillis(5);
            });
    // Two warm-ups; then at least a tenth of a second, twice.
    assertThat(runs[0]).isBetween(2 + 2, 2 + 2 * 20);
    assertThat(seconds).hasSize(2).allSatisfy(s -> assertThat(s).isGreaterThanOrEqualTo(0.005));
  }

  private static void busyMillis(int millis) {
    long end = System.nanoTime() + millis * 1_000_000L;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private static Measurement measurement(double... values) {
    List<Double> list = java.util.Arrays.stream(values).boxed().toList();
    return new Measurement("subject", "quantity", Unit.SECONDS, list);
  }
}
