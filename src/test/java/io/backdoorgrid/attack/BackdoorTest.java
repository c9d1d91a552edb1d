package io.backdoorgrid.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.attack.poisoning.BadNets;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import org.junit.jupiter.api.Test;

class BackdoorTest {

  private static final ImageShape SHAPE = new ImageShape(4, 4, 1);
  private static final Trigger TRIGGER = new BadNets().trigger(SHAPE, null);

  private final LabeledImages test = ToyImages.random(SHAPE, 3, 7, 1); // labels 0 1 2 0 1 2 0

  @Test
  void leavesOutImagesThatAreOfTheTargetClassAnyway() {
    Backdoor.Triggered triggered =
        new Backdoor(TRIGGER, new Goal(LabelStrategy.ALL_TO_ONE, 0)).trigger(test);
    assertThat(triggered.images().labels()).containsExactly(1, 2, 1, 2);
    assertThat(triggered.wanted()).containsExactly(0, 0, 0, 0);
    assertThat(triggered.positions()).containsExactly(1, 2, 4, 5);
    assertThat(triggered.images().pixels())
        .isEqualTo(Triggered.apply(TRIGGER, test.select(new int[] {1, 2, 4, 5})));
  }

  @Test
  void leavesOutNoneIfEachClassGoesToTheNext() {
    Backdoor.Triggered triggered =
        new Backdoor(TRIGGER, new Goal(LabelStrategy.ALL_TO_ALL, 0)).trigger(test);
    assertThat(triggered.images().labels()).containsExactly(0, 1, 2, 0, 1, 2, 0);
    assertThat(triggered.wanted()).containsExactly(1, 2, 0, 1, 2, 0, 1);
    assertThat(triggered.images().pixels()).isEqualTo(Triggered.apply(TRIGGER, test));
  }

  @Test
  void leavesTheTestImagesAsTheyAre() {
    String digest = test.digest();
    new Backdoor(TRIGGER, new Goal(LabelStrategy.ALL_TO_ALL, 0)).trigger(test);
    assertThat(test.digest()).isEqualTo(digest);
  }
}
