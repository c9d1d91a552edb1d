package io.backdoorgrid.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "0, 10 s",
    "34, 30 s",
    "119, 120 s",
    "120, 2 min",
    "7199, 120 min",
    "12600, 3.5 h",
    "36000, 10 h",
    "172799, 48 h",
    "172800, 2 days",
    "8640000, 100 days",
    "42292800, 490 days",
  })
  void saysNoMoreThanAnEstimateKnows(double seconds, String text) {
    assertThat(Durations.about(seconds)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"59, 59 s", "65, 1 min 05 s", "8580, 2 h 23 min"})
  void saysWhatWasMeasured(double seconds, String text) {
    assertThat(Durations.text(seconds)).isEqualTo(text);
  }
}
