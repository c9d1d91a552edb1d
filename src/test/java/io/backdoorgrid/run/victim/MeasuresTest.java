package io.backdoorgrid.run.victim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.backdoorgrid.metric.Evaluated;
import io.backdoorgrid.metric.Metrics;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasuresTest {

  private static final Measures CLEAN = new Measures(Map.of(Metrics.ACC, 90.0));
  private static final Measures BACKDOORED =
      new Measures(Map.of(Metrics.ACC, 90.0, Metrics.ASR, 99.0, Metrics.RA, 1.0));
  private static final Measures CROSSED =
      new Measures(
          Map.of(Metrics.ACC, 90.0, Metrics.ASR, 99.0, Metrics.RA, 1.0, Metrics.CROSS, 88.0));

  @Test
  void comeBackFromADescription() {
    assertThat(described(CROSSED))
        .containsExactly(
            entry("acc", 90.0), entry("asr", 99.0), entry("ra", 1.0), entry("cross", 88.0));
    assertThat(Measures.of(described(CROSSED))).isEqualTo(CROSSED);
  }

  @Test
  void leaveOutWhatIsUndefined() {
    assertThat(described(CLEAN)).containsExactly(entry("acc", 90.0));
    assertThat(Measures.of(described(CLEAN))).isEqualTo(CLEAN);
    assertThat(new Measures(Map.of(Metrics.ACC, 90.0, Metrics.ASR, Double.NaN))).isEqualTo(CLEAN);
  }

  /** Victims were stored before there was a cross accuracy. */
  @Test
  void readOlderDescriptions() {
    assertThat(Measures.of(Map.of("acc", 90, "asr", 99, "ra", 1))).isEqualTo(BACKDOORED);
  }

  @Test
  void areColumnsOfARowBeforeAndAfterTheDefense() {
    assertThat(CROSSED.columns(Evaluated::victimColumn))
        .containsExactly(
            entry("victim-acc", 90.0),
            entry("victim-asr", 99.0),
            entry("victim-ra", 1.0),
            entry("victim-cross", 88.0));
    assertThat(BACKDOORED.columns(Evaluated::column))
        .containsExactly(entry("acc", 90.0), entry("asr", 99.0), entry("ra", 1.0));
    assertThat(CLEAN.columns(Evaluated::column))
        .as("a row has a column for ASR and RA, empty where they are undefined")
        .containsExactly(entry("acc", 90.0), entry("asr", null), entry("ra", null));
  }

  private static Map<String, Object> described(Measures measures) {
    var description = new LinkedHashMap<String, Object>();
    measures.describe(description);
    return description;
  }
}
