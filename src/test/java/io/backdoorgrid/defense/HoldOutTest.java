package io.backdoorgrid.defense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HoldOutTest {

  /** Ten images of one pixel, each of a class of its own. */
  private static final LabeledImages IMAGES =
      new LabeledImages(
          new ImageShape(1, 1, 1), 10, new byte[10], IntStream.range(0, 10).toArray());

  private static HoldOut split(double share) {
    return HoldOut.of(IMAGES, share, new Seed("a1").stream("validation"));
  }

  @Test
  void givesEveryImageToOneOfTheTwo() {
    HoldOut split = split(0.3);
    assertThat(split.validation().size()).isEqualTo(3);
    assertThat(
            IntStream.concat(
                Arrays.stream(split.training().labels()),
                Arrays.stream(split.validation().labels())))
        .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void takesTheSmallerShareIntoTheLarger() {
    assertThat(split(0.5).validation().labels()).contains(split(0.2).validation().labels());
    assertThat(split(0.5).validation().labels()).isEqualTo(split(0.5).validation().labels());
  }

  @ParameterizedTest
  @CsvSource({"0.04, 0, 10", "0, 0, 10", "0.96, 10, 0", "-1, -10, 20"})
  void refusesAnEmptyPart(double share, int validation, int training) {
    assertThatThrownBy(() -> split(share))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "holding out %s of 10 clean images leaves %d for validation and %d to repair with",
            share, validation, training);
  }
}
