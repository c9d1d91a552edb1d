package io.backdoorgrid.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.backdoorgrid.attack.poisoning.BadNets;
import io.backdoorgrid.grid.Spec;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttacksTest {

  @Test
  void areKnownByName() {
    assertThat(Attacks.REGISTRY.names())
        .containsExactlyInAnyOrder(
            "none",
            "badnets",
            "badnets-a2a",
            "blended",
            "sig",
            "wanet",
            "bpp",
            "ssba",
            "input-aware",
            "label-consistent",
            "low-frequency",
            "invisible",
            "trojan",
            "imc",
            "enhanced-trigger",
            "logit-anchoring");
    assertThat(Attacks.REGISTRY.create(new Spec("badnets-a2a", 1, Map.of("size", 5L))))
        .isEqualTo(
            new BadNets(
                5,
                BadNets.Pattern.WHITE,
                BadNets.Corner.BOTTOM_RIGHT,
                LabelStrategy.ALL_TO_ALL,
                0));
  }

  @Test
  void dependOnThePoisonRateIfTheyPoison() {
    assertThat(Attacks.REGISTRY.entry("badnets").uses()).containsExactly("poison-rate");
    assertThat(Attacks.REGISTRY.entry("none").uses()).isEmpty();
  }

  @Test
  void readAsInGridFiles() {
    assertThat(Attacks.REGISTRY.entry("badnets").defaults())
        .containsExactly(
            entry("size", 3L),
            entry("pattern", "white"),
            entry("corner", "bottom-right"),
            entry("labels", "all-to-one"),
            entry("target", 0L));
    assertThatThrownBy(() -> Attacks.REGISTRY.entry("badnets").complete(Map.of("corner", "middle")))
        .hasMessage(
            "corner must be one of [top-left, top-right, bottom-left, bottom-right], got"
                + " 'middle'");
  }
}
