package io.backdoorgrid.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SamplesTest {

  private static final ImageShape SHAPE = new ImageShape(2, 2, 1);

  @Test
  void drawsDifferentPositionsTheSameEveryTime() {
    int[] drawn = Samples.of(100, 10, Samples.random("test"));
    assertThat(drawn).hasSize(10).doesNotHaveDuplicates().isEqualTo(again(100));
    assertThat(Arrays.stream(drawn)).allMatch(i -> i >= 0 && i < 100);
    assertThat(Samples.of(3, 10, Samples.random("test"))).containsExactlyInAnyOrder(0, 1, 2);
  }

  private static int[] again(int total) {
    return Samples.of(total, 10, Samples.random("test"));
  }

  /** Nine of class 0, two of class 1, one of class 2: of six, three, two and one. */
  @Test
  void balancesClassesAsFarAsTheyGo() {
    int[] labels = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2};
    assertThat(counts(labels, 3)).containsExactly(1, 1, 1);
    assertThat(counts(labels, 6)).containsExactly(3, 2, 1);
    assertThat(counts(labels, 99)).containsExactly(9, 2, 1);
  }

  private static int[] counts(int[] labels, int count) {
    int[] drawn = Samples.balanced(labels, 3, count, Samples.random("test"));
    assertThat(drawn).doesNotHaveDuplicates();
    int[] counts = new int[3];
    Arrays.stream(drawn).forEach(i -> counts[labels[i]]++);
    return counts;
  }

  @Test
  void keepsPairsTogether() {
    Pairs pairs = Triggers.whiteCorner(SHAPE, 3, 20, 2);
    Pairs drawn = pairs.sample(5, Samples.random("test"));
    assertThat(drawn.size()).isEqualTo(5);
    for (int i = 0; i < drawn.size() * SHAPE.size(); i++) {
      boolean corner = i % SHAPE.size() == 0;
      assertThat(drawn.triggered().pixels()[i])
          .isEqualTo(corner ? (byte) 255 : drawn.clean().pixels()[i]);
    }
    assertThat(drawn.asWanted().labels()).containsOnly(2);
    assertThat(drawn.triggered().labels()).isEqualTo(drawn.clean().labels());
  }

  @Test
  void refusesImagesThatAreNoPairs() {
    LabeledImages three = ToyImages.random(SHAPE, 2, 3, 1);
    LabeledImages two = ToyImages.random(SHAPE, 2, 2, 1);
    assertThatThrownBy(() -> new Pairs(three, two, new int[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "3 clean and 2 triggered images with 3 wanted labels are no pairs of the same images");
  }
}
