package io.backdoorgrid.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CorrelationTest {

  /** Centred: (-3, -2, -1, 6), (-3.5, -1.5, -2.5, 7.5): 61 / root (50 * 77); ranks 2 and 3 swap. */
  @Test
  void correlatesValuesAndRanks() {
    Correlation found = Correlation.of(new double[] {1, 2, 3, 10}, new double[] {1, 3, 2, 12});
    assertThat(found.pearson().getAsDouble()).isCloseTo(0.983104, within(1e-6));
    assertThat(found.spearman().getAsDouble()).isCloseTo(0.8, within(1e-12));
  }

  /** Ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4: 4.5 / root (4.5 * 5). */
  @Test
  void givesEqualValuesTheMeanOfTheirRanks() {
    Correlation found = Correlation.of(new double[] {0, 7, 7, 8}, new double[] {1, 2, 3, 4});
    assertThat(found.spearman().getAsDouble()).isCloseTo(Math.sqrt(0.9), within(1e-12));
  }

  @Test
  void isNotDefinedWhereNothingVaries() {
    double[] varied = {1, 2, 3};
    double[] constant = {0.1, 0.1, 0.1};
    for (Correlation found :
        new Correlation[] {
          Correlation.of(varied, constant),
          Correlation.of(constant, varied),
          Correlation.of(new double[] {1}, new double[] {2})
        }) {
      assertThat(found.pearson()).isEmpty();
      assertThat(found.spearman()).isEmpty();
    }
  }
}
