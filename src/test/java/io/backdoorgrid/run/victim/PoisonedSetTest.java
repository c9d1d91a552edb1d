package io.backdoorgrid.run.victim;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Backdoor;
import io.backdoorgrid.attack.Knowledge;
import io.backdoorgrid.attack.Poisoning;
import io.backdoorgrid.attack.poisoning.BadNets;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.Split;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.run.Grids;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoisonedSetTest {

  private static final LabeledImages IMAGES = ToyImages.random(new ImageShape(8, 8, 3), 10, 40, 1);

  @TempDir Path folder;

  private PoisonedSet set(Optional<Backdoor> backdoor) {
    Victim victim =
        Grids.plan(
                folder,
                """
                victims: {dataset: shapes, model: resnet18, attack: badnets, poison-rate: 0.2}
                defenses: none
                """)
            .victims()
            .get(0);
    Split split = Split.of(IMAGES.size(), 0, new Seed("a1").stream("split"));
    var material = new Material(IMAGES, split, IMAGES, "digest", null, new Seed("a1"));
    return new PoisonedSet(victim, material, new Nothing(), backdoor);
  }

  /** An attacker who knows nothing, since nothing is asked. */
  private record Nothing() implements Knowledge {
    @Override
    public LabeledImages images() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Device device() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Classifier surrogate() {
      throw new UnsupportedOperationException();
    }
  }

  private static Backdoor badNets() {
    var attack = new BadNets();
    return new Backdoor(
        attack.trigger(IMAGES.shape(), new Seed("a1").stream("trigger")), attack.goal());
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
