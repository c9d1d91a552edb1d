package io.backdoorgrid.extractor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.backdoorgrid.data.set.DataSets;
import io.backdoorgrid.grid.Spec;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExtractorsTest {

  @Test
  void areKnownByName() {
    assertThat(Extractors.REGISTRY.names()).containsExactly("simclr", "supervised");
    assertThat(Extractors.REGISTRY.entry("simclr").uses()).isEmpty();
    assertThat(Extractors.REGISTRY.entry("supervised").uses()).isEmpty();
  }

  @Test
  void readAsInGridFiles() {
    assertThat(Extractors.REGISTRY.entry("simclr").defaults())
        .containsExactly(
            entry("epochs", 100L),
            entry("batch", 512L),
            entry("learning-rate", 0.4),
            entry("momentum", 0.9),
            entry("weight-decay", 1e-4),
            entry("schedule", "cosine"),
            entry("temperature", 0.5),
            entry("projection", 128L),
            entry("min-area", 0.2),
            entry("flip", 0.5),
            entry("jitter", 0.8),
            entry("brightness", 0.4),
            entry("contrast", 0.4),
            entry("saturation", 0.4),
            entry("hue", 0.1),
            entry("grayscale", 0.2),
            entry("blur", 0.5),
            entry("min-sigma", 0.1),
            entry("max-sigma", 2.0));
    assertThat(Extractors.REGISTRY.entry("supervised").defaults())
        .containsExactly(entry("dataset", "same"));
  }

  @Test
  void takeTheirSettingsFromTheGrid() {
    var spec = new Spec("supervised", 1, Map.of("dataset", "shapes"));
    assertThat(Extractors.REGISTRY.create(spec)).isEqualTo(new Supervised("shapes"));
  }

  @Test
  void refuseADataSetThatNobodyKnows() {
    assertThatThrownBy(
            () -> Extractors.REGISTRY.entry("supervised").complete(Map.of("dataset", "imagnet")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("dataset must be same or one of %s, got 'imagnet'", DataSets.REGISTRY.names());
  }
}
