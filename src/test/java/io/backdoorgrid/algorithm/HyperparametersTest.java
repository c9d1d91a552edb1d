package io.backdoorgrid.algorithm;

import static io.backdoorgrid.algorithm.Hyperparameters.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HyperparametersTest {

  @Test
  void changesWhatIsNamedAndNothingElse() {
    assertThat(with(new Kettle(), Map.of("cup-count", 2, "fuel", "gas", "max-temperature", 60)))
        .isEqualTo(new Kettle(2, 60, true, Kettle.Fuel.GAS, "red", List.of(1, 2)));
    assertThat(with(new Kettle(), Map.of())).isEqualTo(new Kettle());
  }

  @Test
  void changesInnerRecordsByTheKeysOfTheirComponents() {
    assertThat(with(new Stove(), Map.of("longest-hours", 2)))
        .isEqualTo(
            new Stove(4, new Stove.Burner(300, Kettle.Fuel.GAS, new Stove.Timer(2)), "grey"));
  }

  @Test
  void refusesWhatTheRecordLacks() {
    assertThatThrownBy(() -> with(new Stove.Timer(2), Map.of("hours", 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Timer has no 'hours', only [longest-hours]");
  }

  @Test
  void refusesImpossibleValues() {
    assertThatThrownBy(() -> with(new Kettle(), Map.of("cup-count", 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cup-count must be at least 1, got 0");
  }
}
