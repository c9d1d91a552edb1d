package io.backdoorgrid.attack;

import static io.backdoorgrid.algorithm.Hyperparameters.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.attack.poisoning.BadNets;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BackdoorTest {

  private static final ImageShape SHAPE = new ImageShape(4, 4, 1);
  private static final BadNets TO_ZERO = new BadNets();
  private static final BadNets TO_NEXT = with(new BadNets(), Map.of("labels", "all-to-all"));
  private static final Trigger TRIGGER = TO_ZERO.trigger(SHAPE, null);

  private final LabeledImages test = ToyImages.random(SHAPE, 3, 7, 1); // labels 0 1 2 0 1 2 0

  @Test
  void leavesOutImagesThatAreOfTheTargetClassAnyway() {
    Backdoor.Triggered triggered = new Backdoor(TO_ZERO, TRIGGER).trigger(test);
    assertThat(triggered.images().labels()).containsExactly(1, 2, 1, 2);
    assertThat(triggered.wanted()).containsExactly(0, 0, 0, 0);
    assertThat(triggered.positions()).containsExactly(1, 2, 4, 5);
    assertThat(triggered.images().pixels())
        .isEqualTo(Triggered.apply(TRIGGER, test.select(new int[] {1, 2, 4, 5})));
  }

  @Test
  void leavesOutNoneIfEachClassGoesToTheNext() {
    Backdoor.Triggered triggered = new Backdoor(TO_NEXT, TRIGGER).trigger(test);
    assertThat(triggered.images().labels()).containsExactly(0, 1, 2, 0, 1, 2, 0);
    assertThat(triggered.wanted()).containsExactly(1, 2, 0, 1, 2, 0, 1);
    assertThat(triggered.images().pixels()).isEqualTo(Triggered.apply(TRIGGER, test));
  }

  @Test
  void leavesTheTestImagesAsTheyAre() {
    String digest = test.digest();
    new Backdoor(TO_NEXT, TRIGGER).trigger(test);
    assertThat(test.digest()).isEqualTo(digest);
  }
}
