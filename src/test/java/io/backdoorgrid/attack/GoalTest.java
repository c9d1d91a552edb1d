package io.backdoorgrid.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GoalTest {

  @Test
  void allowsAsMuchPoisonAsThereAreImagesWhoseLabelFits() {
    int[] sizes = {30, 50, 20};
    assertThat(new Goal(LabelStrategy.ALL_TO_ONE, 2).shortage(sizes, 1)).isEmpty();
    assertThat(new Goal(LabelStrategy.ALL_TO_ALL, 2).shortage(sizes, 1)).isEmpty();
    var cleanLabel = new Goal(LabelStrategy.CLEAN_LABEL, 2);
    assertThat(cleanLabel.shortage(sizes, 0.2)).isEmpty();
    assertThat(cleanLabel.shortage(sizes, 0.209)).as("20.9 images: the rate is rounded").isEmpty();
    assertThat(cleanLabel.shortage(sizes, 0.21))
        .hasValue("poison-rate 0.21 is more than class 2's share 0.2");
  }

  @Test
  void wantsTheTargetForEveryClass() {
    var goal = new Goal(LabelStrategy.ALL_TO_ONE, 4);
    assertThat(IntStream.range(0, 10).map(y -> goal.labelFor(y, 10))).containsOnly(4);
  }

  @Test
  void wantsTheNextClassAndTheFirstAfterTheLast() {
    var goal = new Goal(LabelStrategy.ALL_TO_ALL, 0);
    assertThat(IntStream.range(0, 10).map(y -> goal.labelFor(y, 10)))
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 0);
  }

  @Test
  void countsAllClassesButTheTarget() {
    var goal = new Goal(LabelStrategy.ALL_TO_ONE, 4);
    assertThat(IntStream.range(0, 10).filter(goal::counts))
        .containsExactly(0, 1, 2, 3, 5, 6, 7, 8, 9);
  }

  @Test
  void countsAllClassesIfEachGoesToTheNext() {
    assertThat(IntStream.range(0, 10).filter(new Goal(LabelStrategy.ALL_TO_ALL, 4)::counts))
        .hasSize(10);
  }
}
