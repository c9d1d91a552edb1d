package io.backdoorgrid.defense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FindingsTest {

  private final Findings findings = new Findings();

  @Test
  void haveNoVerdictUntilThereIsOne() {
    assertThat(findings.verdict()).isEmpty();
    findings.verdict(false);
    assertThat(findings.verdict()).contains(false);
  }

  /** Rows have them as columns, and refuse other names when all the work is done. */
  @ParameterizedTest
  @ValueSource(strings = {"", "prunedChannels", "pruned channels", "-pruned", "a.b"})
  void refuseNamesThatNoColumnCanHave(String name) {
    String message = "a finding must be named in kebab-case, got '" + name + "'";
    assertThatThrownBy(() -> findings.count(name, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> findings.add(new Findings.Point(name, 1, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThat(findings.counts()).isEmpty();
    assertThat(findings.points()).isEmpty();
  }
}
