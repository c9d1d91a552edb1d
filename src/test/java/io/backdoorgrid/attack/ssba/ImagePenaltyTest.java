package io.backdoorgrid.attack.ssba;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ImagePenaltyTest {

  private final ImagePenalty penalty = new ImagePenalty();

  @Test
  void waitsThenRisesToItsWeight() {
    assertThat(penalty.at(-1)).isZero();
    assertThat(penalty.at(0)).isZero();
    assertThat(penalty.at(1000)).isZero();
    assertThat(penalty.at(2500)).isEqualTo(5);
    assertThat(penalty.at(4000)).isEqualTo(10);
    assertThat(penalty.at(9000)).isEqualTo(10);
  }

  @Test
  void countsNothingBeforeTheThresholdEvenIfItDoesNotWait() {
    assertThat(new ImagePenalty(0.9, 0, 1, 10).at(-1)).isZero();
    assertThat(new ImagePenalty(0.9, 0, 1, 10).at(1)).isEqualTo(10);
  }

  @Test
  void refusesImpossibleSchedules() {
    assertThatThrownBy(() -> new ImagePenalty(1, 0, 1, 10))
        .hasMessage("threshold must be from 0.5 to below 1, got 1.0");
    assertThatThrownBy(() -> new ImagePenalty(0.9, -1, 1, 10))
        .hasMessage("await must not be negative, got -1");
    assertThatThrownBy(() -> new ImagePenalty(0.9, 0, 0, 10))
        .hasMessage("ramp must be at least 1, got 0");
    assertThatThrownBy(() -> new ImagePenalty(0.9, 0, 1, 0))
        .hasMessage("weight must be positive, got 0.0");
  }
}
