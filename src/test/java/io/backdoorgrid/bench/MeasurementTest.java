package io.backdoorgrid.bench;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeasurementTest {

  @Test
  void theMedianIsTheMiddleWhateverTheOrder() {
    assertThat(measurement(9, 1, 2).median()).isEqualTo(2);
    assertThat(measurement(9, 1, 2, 4).median()).isEqualTo(3);
    assertThat(measurement(9, 1, 2, 4).lowest()).isEqualTo(1);
    assertThat(measurement(9, 1, 2, 4).highest()).isEqualTo(9);
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
