package io.backdoorgrid.run.victim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsTest {

  @Test
  void comeBackFromADescription() {
    var metrics = new Metrics(90, 99, 1, 88);
    assertThat(described(metrics))
        .containsExactly(
            entry("acc", 90.0), entry("asr", 99.0), entry("ra", 1.0), entry("cross", 88.0));
    assertThat(Metrics.of(described(metrics))).isEqualTo(metrics);
  }

  @Test
  void leaveOutWhatIsUndefined() {
    var clean = new Metrics(90, Double.NaN, Double.NaN, Double.NaN);
    assertThat(described(clean)).containsExactly(entry("acc", 90.0));
    assertThat(Metrics.of(described(clean))).isEqualTo(clean);
  }

  /** Victims were stored before there was a cross accuracy. */
  @Test
  void readOlderDescriptions() {
    assertThat(Metrics.of(Map.of("acc", 90, "asr", 99, "ra", 1)))
        .isEqualTo(new Metrics(90, 99, 1, Double.NaN));
  }

  private static Map<String, Object> described(Metrics metrics) {
    var description = new LinkedHashMap<String, Object>();
    metrics.describe(description);
    return description;
  }
}
