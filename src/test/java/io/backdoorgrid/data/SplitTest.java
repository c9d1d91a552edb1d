package io.backdoorgrid.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.algorithm.Seed;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitTest {

  private static final Seed SEED = new Seed("0123");

  private final Split split = Split.of(1000, 0.05, SEED.stream("split"));

  @Test
  void holdsOutTheShareAndGivesTheRestToTheVictim() {
    assertThat(split.victim()).hasSize(950);
    assertThat(split.heldOut()).hasSize(50);
    assertThat(IntStream.concat(IntStream.of(split.victim()), IntStream.of(split.heldOut())))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 1000).boxed().toList());
  }

  @Test
  void putsTheSmallerCleanShareIntoTheLarger() {
    assertThat(split.clean(0.01)).hasSize(10);
    assertThat(split.clean(0.05)).hasSize(50).startsWith(split.clean(0.01));
    assertThat(split.clean(0)).isEmpty();
  }

  @Test
  void drawsTheHeldOutImagesFromAllOverTheData() {
    // The mean of 50 of 1000 positions is 500 with a deviation of 41.
    assertThat(IntStream.of(split.heldOut()).average().orElseThrow()).isBetween(300.0, 700.0);
    assertThat(split.heldOut()).doesNotHaveDuplicates();
  }

  @Test
  void isTheSameForTheSameSeed() {
    assertThat(Split.of(1000, 0.05, SEED.stream("split")).heldOut()).isEqualTo(split.heldOut());
    assertThat(Split.of(1000, 0.05, SEED.stream("other")).heldOut()).isNotEqualTo(split.heldOut());
  }

  @Test
  void holdsNothingOutIfNotAskedTo() {
    Split all = Split.of(20, 0, SEED.stream("split"));
    assertThat(all.victim()).hasSize(20);
    assertThat(all.heldOut()).isEmpty();
  }

  @Test
  void refusesMoreCleanImagesThanAreHeldOut() {
    assertThatThrownBy(() -> split.clean(0.06))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a clean ratio of 0.06 asks for 60 images, but only 50 are held out");
  }

  @Test
  void refusesAnImpossibleShare() {
    assertThatThrownBy(() -> Split.of(10, 1, SEED.stream("split")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the held-out share must be from 0 to below 1, got 1.0");
    assertThatThrownBy(() -> Split.of(10, Double.NaN, SEED.stream("split")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the held-out share must be from 0 to below 1, got NaN");
  }
}
