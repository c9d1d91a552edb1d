package io.backdoorgrid.defense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;

class DefensesTest {

  @Test
  void areKnownByName() {
    assertThat(Defenses.REGISTRY.names()).contains("none", "ft", "clp", "lpp");
  }

  @Test
  void dependOnTheCleanRatioIfTheySeeCleanImages() {
    assertThat(Defenses.REGISTRY.entry("ft").uses()).containsExactly("clean-ratio");
    assertThat(Defenses.REGISTRY.entry("clp").uses()).isEmpty();
    assertThat(Defenses.REGISTRY.entry("lpp").uses()).isEmpty();
    assertThat(Defenses.REGISTRY.entry("none").uses()).isEmpty();
  }

  @Test
  void readAsInGridFiles() {
    assertThat(Defenses.REGISTRY.entry("clp").defaults())
        .containsExactly(
            entry("u", 3.0),
            entry("deviation", "population"),
            entry("eps", 1e-5),
            entry("unpaired", "conv-only"));
    assertThat(Defenses.REGISTRY.entry("lpp").defaults())
        .containsEntry("factor", "gamma-over-sigma")
        .containsEntry("k", -1L);
  }
}
