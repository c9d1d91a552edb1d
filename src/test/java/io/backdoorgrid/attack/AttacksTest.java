package io.backdoorgrid.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.backdoorgrid.attack.poisoning.BadNets;
import io.backdoorgrid.attack.trigger.Corner;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AttacksTest {

  /** Those whose trigger needs no network; the others are read back in tests of their own. */
  static Stream<String> withoutNetworks() {
    return Attacks.REGISTRY.names().stream()
        .filter(
            name -> {
              Attack attack = Attacks.REGISTRY.create(new Spec(name, 1, Map.of()));
              return attack instanceof ModelFreeAttack || attack instanceof BatchAttack;
            });
  }

  @ParameterizedTest
  @MethodSource("withoutNetworks")
  void readTheirOwnTriggersBack(String name) {
    var attack = (BackdoorAttack) Attacks.REGISTRY.create(new Spec(name, 1, Map.of()));
    var shape = new ImageShape(32, 32, 3);
    RandomGenerator random = new Random(1);
    Trigger trigger =
        attack instanceof ModelFreeAttack modelFree
            ? modelFree.trigger(shape, random)
            : ((BatchAttack) attack).trigger(shape, random);
    Trigger read = attack.readTrigger(shape, SafeTensors.parse(trigger.toTensors().toBytes()));
    byte[] image = new byte[shape.size()];
    new Random(2).nextBytes(image);
    byte[] again = image.clone();
    byte[] before = image.clone();
    trigger.apply(image, 0);
    read.apply(again, 0);
    assertThat(again).isEqualTo(image).isNotEqualTo(before);
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
