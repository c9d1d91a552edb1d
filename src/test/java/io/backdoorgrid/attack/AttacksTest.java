package io.backdoorgrid.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.fail;

import io.backdoorgrid.attack.poisoning.BadNets;
import io.backdoorgrid.attack.trigger.Corner;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.data.batch.Augmentation.Flip;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.TorchThread;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Recipe;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(TorchThread.class)
class AttacksTest {

  private static final ImageShape SHAPE = new ImageShape(16, 16, 3);

  /** Settings of attacks that would take long by default. */
  private static final Map<String, Map<String, Object>> BRIEF =
      Map.of(
          "input-aware", Map.of("width", 1, "mask-epochs", 1),
          "low-frequency", Map.of("images", 10, "held-out", 10, "passes", 1),
          "ssba", Map.of("bits", 1, "base", 2, "epochs", 40, "learning-rate", 0.01),
          "trojan", Map.of("iterations", 10));

  static Stream<String> backdoors() {
    return Attacks.REGISTRY.names().stream().filter(name -> !name.equals(NoAttack.NAME));
  }

  @ParameterizedTest
  @MethodSource("backdoors")
  void readTheirOwnTriggersBack(String name) {
    Attack attack = Attacks.REGISTRY.create(new Spec(name, 1, BRIEF.getOrDefault(name, Map.of())));
    byte[] image = ToyImages.random(SHAPE, 1, 1, 2).pixels();
    byte[] again = image.clone();
    byte[] before = image.clone();
    try (Known known = Known.tinted(SHAPE, 120)) {
      var recipe = new Recipe(1, 30, 0.1, 0.9, 0, RateSchedule.CONSTANT, 0, Flip.NONE);
      Backdoor made =
          attack
              .rehearse(known.training(0.1, recipe, "a1"), () -> known.network().copy())
              .orElseThrow();
      byte[] stored = made.trigger().toTensors().toBytes();
      Backdoor read = attack.readBackdoor(SHAPE, () -> SafeTensors.parse(stored)).orElseThrow();
      made.trigger().apply(image, 0);
      read.trigger().apply(again, 0);
    }
    assertThat(again).isEqualTo(image).isNotEqualTo(before);
  }

  @Test
  void plantNothingIfThereIsNone() {
    var none = new NoAttack();
    assertThat(none.readBackdoor(SHAPE, () -> fail("there is no trigger to read"))).isEmpty();
    assertThat(none.obstacle(SHAPE, new int[] {1}, 1, 1)).isEmpty();
    assertThat(none.usesSurrogate()).isFalse();
  }

  @Test
  void areKnownByName() {
    assertThat(Attacks.REGISTRY.names()).startsWith("none", "badnets", "badnets-a2a");
    assertThat(Attacks.REGISTRY.create(new Spec("badnets-a2a", 1, Map.of("size", 5L))))
        .isEqualTo(
            new BadNets(
                5, BadNets.Pattern.WHITE, Corner.BOTTOM_RIGHT, LabelStrategy.ALL_TO_ALL, 0));
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
