package io.backdoorgrid.run.victim;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Backdoor;
import io.backdoorgrid.attack.Known;
import io.backdoorgrid.attack.Poisoning;
import io.backdoorgrid.attack.poisoning.BadNets;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.train.Recipe;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PoisonedSetTest {

  private static final LabeledImages IMAGES = ToyImages.random(new ImageShape(8, 8, 3), 10, 40, 1);

  private static PoisonedSet set(Optional<Backdoor> backdoor) {
    return new PoisonedSet(new Known(IMAGES, null).training(0.2, new Recipe(), "a1"), backdoor);
  }

  private static Backdoor badNets() {
    var attack = new BadNets();
    return new Backdoor(attack, attack.trigger(IMAGES.shape(), new Seed("a1").stream("trigger")));
  }

  @Test
  void isMadeOnceHoweverOftenItIsAskedFor() {
    PoisonedSet set = set(Optional.of(badNets()));
    assertThat(set.get()).isSameAs(set.get());
    assertThat(set.get().poisoned()).hasSize(8);
  }

  @Test
  void isTheSameForAnotherTask() {
    Poisoning one = set(Optional.of(badNets())).get();
    Poisoning other = set(Optional.of(badNets())).get();
    assertThat(other.poisoned()).isEqualTo(one.poisoned());
    assertThat(other.images().digest()).isEqualTo(one.images().digest());
  }

  @Test
  void isCleanWithoutABackdoor() {
    Poisoning clean = set(Optional.empty()).get();
    assertThat(clean.poisoned()).isEmpty();
    assertThat(clean.images().size()).isEqualTo(40);
  }
}
