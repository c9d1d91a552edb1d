package io.backdoorgrid.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.algorithm.Seed;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CropTest {

  private static final ImageShape SHAPE = new ImageShape(100, 100, 3);

  private final RandomGenerator random = new Seed("crop").stream("test");

  @Test
  void staysWithinTheImageAndItsBounds() {
    for (int i = 0; i < 10_000; i++) {
      Crop crop = Crop.random(SHAPE, 0.2, random);
      assertThat(crop.top()).isBetween(0, 100 - crop.height());
      assertThat(crop.left()).isBetween(0, 100 - crop.width());
      assertThat(crop.height() * crop.width()).isBetween(1950, 10_000);
      // Both sides are rounded.
      assertThat(crop.width() + 0.5).isGreaterThan(0.75 * (crop.height() - 0.5));
      assertThat(crop.height() + 0.5).isGreaterThan(0.75 * (crop.width() - 0.5));
    }
  }

  /** Up to half of the area every shape fits: the tenths from 0.2 to 0.5 are equally frequent. */
  @Test
  void drawsTheAreaUniformly() {
    int[] counts = new int[3];
    int total = 0;
    for (int i = 0; i < 30_000; i++) {
      Crop crop = Crop.random(SHAPE, 0.2, random);
      int tenth = crop.height() * crop.width() / 1000 - 2;
      if (tenth < 3) {
        counts[Math.max(0, tenth)]++;
        total++;
      }
    }
    for (int count : counts) {
      assertThat((double) count / total).isCloseTo(1 / 3.0, within(0.02));
    }
  }

  @Test
  void drawsWideAndHighCropsAlike() {
    int wide = 0;
    int high = 0;
    for (int i = 0; i < 10_000; i++) {
      Crop crop = Crop.random(SHAPE, 0.2, random);
      wide += crop.width() > crop.height() ? 1 : 0;
      high += crop.width() < crop.height() ? 1 : 0;
    }
    assertThat((double) wide / (wide + high)).isCloseTo(0.5, within(0.02));
  }

  @Test
  void reachesEveryEdge() {
    var shape = new ImageShape(4, 4, 1);
    boolean[] seen = new boolean[4];
    for (int i = 0; i < 1000; i++) {
      Crop crop = Crop.random(shape, 0.2, random);
      seen[0] |= crop.top() == 0;
      seen[1] |= crop.left() == 0;
      seen[2] |= crop.top() + crop.height() == 4;
      seen[3] |= crop.left() + crop.width() == 4;
    }
    assertThat(seen).containsOnly(true);
  }

  /** No crop has the whole area of a strip. */
  @ParameterizedTest
  @CsvSource({"9, 90, 0, 39, 9, 12", "90, 9, 39, 0, 12, 9", "30, 40, 0, 0, 30, 40"})
  void takesTheLargestInTheMiddleWhereNoneFits(
      int height, int width, int top, int left, int cropHeight, int cropWidth) {
    assertThat(Crop.random(new ImageShape(height, width, 1), 1, random))
        .isEqualTo(new Crop(top, left, cropHeight, cropWidth));
  }

  @Test
  void isTheWholeImageAtItsFullArea() {
    for (int i = 0; i < 100; i++) {
      assertThat(Crop.random(new ImageShape(32, 32, 3), 1, random).height()).isEqualTo(32);
    }
  }
}
