package io.backdoorgrid.defense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import org.junit.jupiter.api.Test;

class DefensesTest {

  @Test
  void areKnownByName() {
    assertThat(Defenses.REGISTRY.names()).contains("none", "ft", "clp", "lpp", "hp", "hid");
  }

  @Test
  void dependOnTheCleanRatioIfTheySeeCleanImages() {
    assertThat(Defenses.REGISTRY.entry("ft").uses()).containsExactly("clean-ratio");
    assertThat(Defenses.REGISTRY.entry("clp").uses()).isEmpty();
    assertThat(Defenses.REGISTRY.entry("lpp").uses()).isEmpty();
    assertThat(Defenses.REGISTRY.entry("none").uses()).isEmpty();
  }

  @Test
  void dependOnTheExtractorIfTheyTrainOnItsFeatures() {
    assertThat(Defenses.REGISTRY.entry("hp").uses()).containsExactly("extractor");
    assertThat(Defenses.REGISTRY.entry("hid").uses()).containsExactly("extractor");
  }

  @Test
  void readAsInGridFiles() {
    assertThat(Defenses.REGISTRY.entry("clp").defaults())
        .containsExactly(
            entry("u", 3.0),
            entry("deviation", "population"),
            entry("eps", 1e-5),
            entry("unpaired", "conv-only"),
            entry("zeroing", "output"));
    assertThat(Defenses.REGISTRY.entry("lpp").defaults())
        .containsEntry("factor", "gamma-over-sigma")
        .containsEntry("k", -1L);
    assertThat(Defenses.REGISTRY.entry("hp").defaults())
        .containsExactly(
            entry("hidden", 1024L),
            entry("epochs", 100L),
            entry("batch", 256L),
            entry("learning-rate", 0.001),
            entry("eps", 0.1),
            entry("alpha", 0.5),
            entry("output", "relu"),
            entry("direction", "at-noise"),
            entry("noise", "uniform"),
            entry("fresh-noise", false),
            entry("norm", "l2"),
            entry("over", "maximum"),
            entry("score", "holder"),
            entry("rule", "count"),
            entry("neurons", 512L),
            entry("ratio", 0.5),
            entry("threshold", 1.0),
            entry("tail", 0.1),
            entry("clip", false));
    assertThat(Defenses.REGISTRY.entry("hid").defaults())
        .containsEntry("epochs", 60L)
        .containsEntry("pruned", List.of(512L, 384L, 256L, 128L))
        .containsEntry("mix-epochs", 20L)
        .containsEntry("mix-batch", 64L)
        .containsEntry("mix-learning-rate", 0.002)
        .containsEntry("consistency", "probabilities")
        .containsEntry("moved", "features")
        .containsEntry("last-head", "trained");
  }
}
