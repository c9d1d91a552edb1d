package io.backdoorgrid.data.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContrastiveViewsTest {

  private static final ImageShape SHAPE = new ImageShape(32, 32, 3);
  private static final ContrastiveAugmentation STRONG = new ContrastiveAugmentation();

  /** No randomness may be asked for. */
  private static final RandomGenerator NONE =
      () -> {
        throw new AssertionError("a random number was drawn");
      };

  private final LabeledImages images = ToyImages.random(SHAPE, 2, 20, 1);

  @Test
  void putsFirstViewsBeforeSecondOnes() {
    byte[] views = fill(images, ContrastiveAugmentation.NONE, new int[] {3, 7, 5, 2}, 1, 3, NONE);
    byte[] expected = images.select(new int[] {7, 5, 7, 5}).pixels();
    assertThat(views).isEqualTo(expected);
  }

  @Test
  void drawsBothViewsOfAnImageAnew() {
    byte[] views = fill(images, STRONG, all(images), 0, 20, random(1));
    for (int i = 0; i < 20; i++) {
      byte[] first = view(views, i);
      assertThat(first).isNotEqualTo(view(views, 20 + i)).isNotEqualTo(view(images.pixels(), i));
    }
  }

  @Test
  void isTheSameForTheSameSeed() {
    byte[] views = fill(images, STRONG, all(images), 0, 20, random(1));
    assertThat(fill(images, STRONG, all(images), 0, 20, random(1))).isEqualTo(views);
    assertThat(fill(images, STRONG, all(images), 0, 20, random(2))).isNotEqualTo(views);
  }

  @Test
  void leavesTheImagesAsTheyAre() {
    byte[] before = images.pixels().clone();
    fill(images, STRONG, all(images), 0, 20, random(1));
    assertThat(images.pixels()).isEqualTo(before);
  }

  /**
   * Views of an image whose pixels differ tell what was done to it; 4,000 draws, deviation 0.8 %.
   */
  @Test
  void mirrorsWithTheGivenProbability() {
    var pair = new LabeledImages(new ImageShape(1, 2, 1), 1, new byte[] {10, 90}, new int[1]);
    byte[] views = many(pair, new ContrastiveAugmentation(1, 0.3, 0, 0, 0, 0, 0, 0, 0, 1, 1));
    int mirrored = 0;
    for (int i = 0; i < views.length; i += 2) {
      mirrored += views[i] == 90 ? 1 : 0;
      assertThat(views[i] + views[i + 1]).isEqualTo(100);
    }
    assertThat(mirrored / 4000.0).isCloseTo(0.3, within(0.03));
  }

  @Test
  void turnsGrayWithTheGivenProbability() {
    LabeledImages pixel = pixel(200, 100, 50);
    byte[] views = many(pixel, new ContrastiveAugmentation(1, 0, 0, 0, 0, 0, 0, 0.2, 0, 1, 1));
    int gray = 0;
    for (int i = 0; i < views.length; i += 3) {
      gray += views[i] == 124 ? 1 : 0;
    }
    assertThat(gray / 4000.0).isCloseTo(0.2, within(0.03));
  }

  @Test
  void blursWithTheGivenProbability() {
    var pair = new LabeledImages(new ImageShape(1, 2, 1), 1, new byte[] {10, 90}, new int[1]);
    byte[] views = many(pair, new ContrastiveAugmentation(1, 0, 0, 0, 0, 0, 0, 0, 0.5, 1, 2));
    int blurred = 0;
    for (int i = 0; i < views.length; i += 2) {
      blurred += views[i] > 10 ? 1 : 0;
      // At a deviation of 1, 0.30 of the other; at 2, less than half.
      assertThat(views[i] == 10 || views[i] >= 34 && views[i] < 50).isTrue();
    }
    assertThat(blurred / 4000.0).isCloseTo(0.5, within(0.03));
  }

  /** Factors from 0.6 to 1.4, uniform and in 80 % of the views. */
  @Test
  void jittersTheBrightnessWithinItsStrength() {
    LabeledImages pixel = pixel(100, 100, 100);
    byte[] views = many(pixel, new ContrastiveAugmentation(1, 0, 0.8, 0.4, 0, 0, 0, 0, 0, 1, 1));
    int changed = 0;
    double sum = 0;
    for (int i = 0; i < views.length; i += 3) {
      int value = views[i] & 0xFF;
      assertThat(value).isBetween(60, 140);
      changed += value != 100 ? 1 : 0;
      sum += value;
    }
    assertThat(changed / 4000.0).isCloseTo(0.8, within(0.03));
    assertThat(sum / 4000).isCloseTo(100, within(1.5));
  }

  /** A tenth of a turn from red reaches 0.6 of green or blue. */
  @Test
  void jittersTheHueInBothDirections() {
    LabeledImages pixel = pixel(200, 0, 0);
    byte[] views = many(pixel, new ContrastiveAugmentation(1, 0, 1, 0, 0, 0, 0.1, 0, 0, 1, 1));
    int[] most = new int[3];
    for (int i = 0; i < views.length; i++) {
      most[i % 3] = Math.max(most[i % 3], views[i] & 0xFF);
    }
    assertThat(most).containsExactly(200, 120, 120);
  }

  /**
   * Both doubled, brightness makes (200, 100, 50) (255, 200, 100), whose distances from a luminance
   * of 205 saturation doubles; saturation makes it (255, 75.8, 0), which brightness doubles.
   */
  @ParameterizedTest
  @CsvSource({"2, 195", "0, 152"})
  void jittersInTheOrderDrawn(int place, int green) {
    var doubled = new ContrastiveAugmentation(1, 0, 1, 1, 0, 1, 0, 0, 0, 1, 1);
    byte[] views = fill(pixel(200, 100, 50), doubled, new int[1], 0, 1, shuffling(place));
    assertThat(views).startsWith(255, green, 0);
  }

  @Test
  void cropsAwayUpToFourFifths() {
    byte[] pixels = new byte[SHAPE.size()];
    for (int row = 0; row < 32; row++) {
      for (int column = 0; column < 32; column++) {
        pixels[SHAPE.offset(row, column)] = (byte) (8 * column);
        pixels[SHAPE.offset(row, column) + 1] = (byte) (8 * row);
      }
    }
    var ramp = new LabeledImages(SHAPE, 1, pixels, new int[1]);
    byte[] views = many(ramp, new ContrastiveAugmentation(0.2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1));
    for (int i = 0; i < 4000; i++) {
      int corner = i * SHAPE.size();
      int far = corner + SHAPE.offset(31, 31);
      int width = (views[far] & 0xFF) - (views[corner] & 0xFF);
      int height = (views[far + 1] & 0xFF) - (views[corner + 1] & 0xFF);
      // Of 32 pixels at 8 each, at least root(0.2 * 3 / 4) = 0.387, up to the outer halves.
      assertThat(width).isBetween(85, 249);
      assertThat(height).isBetween(85, 249);
    }
  }

  @Test
  void refusesImagesOfOtherThanOneOrThreeChannels() {
    LabeledImages two = ToyImages.constant(new ImageShape(2, 2, 2), 1, 0, 0);
    assertThatThrownBy(() -> new ContrastiveViews(two, STRONG))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("colors can be varied only in images with 1 or 3 channels, not 2x2x2");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 1.5, Double.NaN})
  void refusesAnAreaOutOfRange(double area) {
    assertThatThrownBy(() -> new ContrastiveAugmentation(area, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("min-area must be above 0 and at most 1, got %s", area);
  }

  @ParameterizedTest
  @CsvSource({
    "2, 0, 0, 0, 1, 'flip must be from 0 to 1, got 2.0'",
    "0, -1, 0, 0, 1, 'brightness must not be negative, got -1.0'",
    "0, 0, 0.6, 0, 1, 'hue must be from 0 to 0.5, got 0.6'",
    "0, 0, 0, -0.1, 1, 'blur must be from 0 to 1, got -0.1'",
    "0, 0, 0, 0, 0, 'sigma must be positive and rise, got 0.0 to 2.0'",
    "0, 0, 0, 0, 3, 'sigma must be positive and rise, got 3.0 to 2.0'",
  })
  void refusesSettingsOutOfRange(
      double flip, double brightness, double hue, double blur, double sigma, String message) {
    assertThatThrownBy(
            () -> new ContrastiveAugmentation(1, flip, 0, brightness, 0, 0, hue, 0, blur, sigma, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static LabeledImages pixel(int red, int green, int blue) {
    byte[] pixels = {(byte) red, (byte) green, (byte) blue};
    return new LabeledImages(new ImageShape(1, 1, 3), 1, pixels, new int[1]);
  }

  /** 4,000 views of the first image. */
  private static byte[] many(LabeledImages images, ContrastiveAugmentation augmentation) {
    return fill(images, augmentation, new int[2000], 0, 2000, random(1));
  }

  private static byte[] fill(
      LabeledImages images,
      ContrastiveAugmentation augmentation,
      int[] order,
      int from,
      int to,
      RandomGenerator random) {
    ByteBuffer target = ByteBuffer.allocate(2 * (to - from) * images.shape().size());
    new ContrastiveViews(images, augmentation).fill(target, order, from, to, 0, random);
    assertThat(target.hasRemaining()).isFalse();
    return target.array();
  }

  private static byte[] view(byte[] views, int i) {
    return Arrays.copyOfRange(views, i * SHAPE.size(), (i + 1) * SHAPE.size());
  }

  private static int[] all(LabeledImages images) {
    return IntStream.range(0, images.size()).toArray();
  }

  private static RandomGenerator random(int seed) {
    return new Seed("views" + seed).stream("test");
  }

  /**
   * The largest numbers. Of brightness, contrast, saturation and hue, brightness and saturation
   * change places if {@code place} is 0; if it is 2 all stay in that order.
   */
  private static RandomGenerator shuffling(int place) {
    return new RandomGenerator() {
      @Override
      public double nextDouble() {
        return Math.nextDown(1.0);
      }

      @Override
      public int nextInt(int bound) {
        return bound == 3 ? place : bound - 1;
      }

      @Override
      public long nextLong() {
        throw new AssertionError("no such draw was expected");
      }
    };
  }
}
