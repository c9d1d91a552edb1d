package io.backdoorgrid.run.victim;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.attack.Poisoning;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class PoisonedSetTest {

  private final ArrayList<Poisoning> made = new ArrayList<>();
  private final PoisonedSet set = new PoisonedSet(this::make);

  private Poisoning make() {
    var one = new LabeledImages(new ImageShape(1, 1, 1), 2, new byte[1], new int[1]);
    made.add(new Poisoning(one, new int[] {0}));
    return made.get(made.size() - 1);
  }

  @Test
  void isNotMadeBeforeItIsAskedFor() {
    assertThat(made).isEmpty();
  }

  @Test
  void isMadeOnceHoweverOftenItIsAskedFor() {
    assertThat(set.get()).isSameAs(set.get());
    assertThat(made).hasSize(1);
  }

  @Test
  void isLetGoWhenItIsReleased() {
    Poisoning first = set.get();
    set.release();
    assertThat(set.get()).isNotSameAs(first);
  }
}
