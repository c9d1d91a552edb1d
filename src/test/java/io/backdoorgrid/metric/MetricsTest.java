package io.backdoorgrid.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.backdoorgrid.metric.Metric.Better;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MetricsTest {

  /** Percentages before and after a defense. */
  private static Map<String, Double> row(
      double victimAcc, double victimAsr, double acc, double asr) {
    return Map.of("victim-acc", victimAcc, "victim-asr", victimAsr, "acc", acc, "asr", asr);
  }

  private static OptionalDouble of(Metric metric, Map<String, Double> row) {
    return metric.of(
        column ->
            Optional.ofNullable(row.get(column))
                .map(OptionalDouble::of)
                .orElse(OptionalDouble.empty()));
  }

  @Test
  void derWeighsTheLossOfAsrAgainstTheLossOfAcc() {
    assertThat(of(Metrics.DER, row(90, 100, 85, 10))).hasValue((90 - 5 + 100) / 2.0);
    assertThat(of(Metrics.DER, row(93, 100, 91, 5)).getAsDouble()).isEqualTo(96.5, offset(1e-9));
    assertThat(of(Metrics.DER, row(90, 100, 90, 100))).as("nothing done").hasValue(50);
    assertThat(of(Metrics.DER, row(90, 100, 90, 0))).as("all done at no cost").hasValue(100);
    assertThat(of(Metrics.DER, row(90, 100, 10, 0))).as("destroyed").hasValue(60);
  }

  /** A defense that raises the ASR is as bad as none, one that raises ACC as good as a free one. */
  @Test
  void derCountsAGainAsNoLoss() {
    assertThat(of(Metrics.DER, row(90, 40, 90, 70))).hasValue(50);
    assertThat(of(Metrics.DER, row(85, 100, 90, 20))).hasValue((80 + 100) / 2.0);
  }

  @Test
  void derOfACleanModelIsUndefined() {
    var clean = new HashMap<>(row(90, 0, 85, 0));
    clean.keySet().removeAll(Set.of("asr", "victim-asr"));
    assertThat(of(Metrics.DER, clean)).isEmpty();
    assertThat(of(Metrics.ASR, clean)).isEmpty();
    assertThat(of(Metrics.ACC_DROP, clean)).hasValue(5);
  }

  @Test
  void accDropIsNegativeWhereTheDefenseGains() {
    assertThat(of(Metrics.ACC_DROP, row(90, 100, 85, 0))).hasValue(5);
    assertThat(of(Metrics.ACC_DROP, row(85, 100, 90, 0))).hasValue(-5);
    assertThat(of(Metrics.ACC_DROP, Map.of("acc", 90.0)))
        .as("without the undefended model")
        .isEmpty();
  }

  @Test
  void secondsAreTheColumnOfThatName() {
    assertThat(of(Metrics.SECONDS, Map.of("seconds", 2.5))).hasValue(2.5);
  }

  @Test
  void aFormulaTakesOnlyTheColumnsThatItNames() {
    var forgetful =
        new Derived(
            "forgetful",
            "forgetful",
            Unit.PERCENT,
            Better.HIGHER,
            Set.of("acc"),
            row -> row.applyAsDouble("ra"));
    assertThatThrownBy(() -> of(forgetful, Map.of("acc", 90.0, "ra", 1.0)))
        .hasMessage("metric forgetful takes column ra, which is not among its columns [acc]");
  }

  @Test
  void printAsUsual() {
    assertThat(Metrics.STANDARD)
        .extracting(Metric::heading)
        .startsWith("ACC", "ASR", "RA", "CROSS", "seconds", "DER", "ACC drop");
    assertThat(List.of(Unit.PERCENT, Unit.POINTS)).allMatch(unit -> unit.decimals(0.012, 2) == 2);
    assertThat(Unit.SECONDS.decimals(0.01234, 2)).as("0.0123").isEqualTo(4);
    assertThat(Unit.SECONDS.decimals(12.34, 2)).as("12.3").isEqualTo(1);
    assertThat(Unit.SECONDS.decimals(4683.2, 2)).as("4683").isZero();
  }
}
