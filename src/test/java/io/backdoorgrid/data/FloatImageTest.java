package io.backdoorgrid.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FloatImageTest {

  private static final ImageShape PIXEL = new ImageShape(1, 1, 3);
  private static final ImageShape TWO = new ImageShape(1, 2, 3);
  private static final ImageShape LARGE = new ImageShape(32, 32, 3);

  static Stream<Consumer<FloatImage>> withoutEffect() {
    return Stream.of(
        image -> {},
        image -> image.crop(new Crop(0, 0, 32, 32)),
        image -> image.brighten(1),
        image -> image.contrast(1),
        image -> image.saturate(1),
        image -> image.turnHue(0),
        image -> image.turnHue(1),
        image -> image.turnHue(-1),
        image -> image.blur(0.1));
  }

  @ParameterizedTest
  @MethodSource("withoutEffect")
  void givesTheImageBackWhereNothingIsAskedFor(Consumer<FloatImage> change) {
    byte[] pixels = random(LARGE);
    assertThat(changed(LARGE, pixels, change)).isEqualTo(pixels);
  }

  @Test
  void mirrorsRowsAndKeepsChannelsTogether() {
    var shape = new ImageShape(2, 3, 1);
    assertThat(changed(shape, bytes(1, 2, 3, 4, 5, 6), FloatImage::mirror))
        .isEqualTo(bytes(3, 2, 1, 6, 5, 4));
    assertThat(changed(TWO, bytes(1, 2, 3, 4, 5, 6), FloatImage::mirror))
        .isEqualTo(bytes(4, 5, 6, 1, 2, 3));
  }

  @Test
  void isWhatItWasAfterTwoMirrors() {
    byte[] pixels = random(LARGE);
    byte[] twice =
        changed(
            LARGE,
            pixels,
            image -> {
              image.mirror();
              image.mirror();
            });
    assertThat(twice).isEqualTo(pixels);
  }

  /** 33 * 1.5 = 49.5, rounded up; 200 * 1.5 is more than white. */
  @Test
  void multipliesByTheBrightness() {
    assertThat(changed(PIXEL, bytes(10, 33, 200), image -> image.brighten(1.5)))
        .isEqualTo(bytes(15, 50, 255));
    assertThat(changed(PIXEL, bytes(10, 33, 200), image -> image.brighten(0)))
        .isEqualTo(bytes(0, 0, 0));
  }

  /** Two gray pixels of 100 and 200 around their mean of 150. */
  @ParameterizedTest
  @CsvSource({"0, 150, 150", "0.5, 125, 175", "2, 50, 250", "4, 0, 255"})
  void multipliesDistancesFromTheMeanLuminance(double factor, int first, int second) {
    assertThat(changed(TWO, bytes(100, 100, 100, 200, 200, 200), image -> image.contrast(factor)))
        .isEqualTo(bytes(first, first, first, second, second, second));
  }

  /** The luminance of (200, 100, 50) is 59.8 + 58.7 + 5.7 = 124.2. */
  @ParameterizedTest
  @CsvSource({"0, 124, 124, 124", "0.5, 162, 112, 87", "1.5, 238, 88, 13", "3, 255, 52, 0"})
  void multipliesDistancesFromThePixelsLuminance(double factor, int red, int green, int blue) {
    assertThat(changed(PIXEL, bytes(200, 100, 50), image -> image.saturate(factor)))
        .isEqualTo(bytes(red, green, blue));
  }

  /** Red to green to blue by thirds; opposite colors by halves; least and most stay. */
  @ParameterizedTest
  @CsvSource({
    "0.333333333,  255 0 0,    0 255 0",
    "0.666666667,  255 0 0,    0 0 255",
    "-0.333333333, 255 0 0,    0 0 255",
    "0.5,          255 0 0,    0 255 255",
    "0.5,          200 100 50, 50 150 200",
    "0.333333333,  200 100 50, 50 200 100",
    "0.083333333,  200 100 50, 200 175 50",
    "0.25,         70 70 70,   70 70 70",
  })
  void turnsTheHue(double turns, String pixel, String expected) {
    assertThat(changed(PIXEL, bytes(pixel), image -> image.turnHue(turns)))
        .isEqualTo(bytes(expected));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.5, -0.1, 0.03, 0.1, 0.4})
  void keepsLeastAndMostOfAPixelWhenTheHueTurns(double turns) {
    byte[] pixels = random(LARGE);
    byte[] turned = changed(LARGE, pixels, image -> image.turnHue(turns));
    for (int i = 0; i < pixels.length; i += 3) {
      int[] before = sorted(pixels, i);
      int[] after = sorted(turned, i);
      assertThat(after[0]).isEqualTo(before[0]);
      assertThat(after[2]).isEqualTo(before[2]);
    }
  }

  @Test
  void givesEveryChannelTheLuminanceWhenGray() {
    assertThat(changed(TWO, bytes(200, 100, 50, 0, 255, 0), FloatImage::gray))
        .isEqualTo(bytes(124, 124, 124, 150, 150, 150));
    byte[] gray = changed(LARGE, random(LARGE), FloatImage::gray);
    for (int i = 0; i < gray.length; i += 3) {
      assertThat(gray[i + 1]).isEqualTo(gray[i]);
      assertThat(gray[i + 2]).isEqualTo(gray[i]);
    }
  }

  @Test
  void leavesTheColourOfGrayImagesAlone() {
    var shape = new ImageShape(4, 4, 1);
    byte[] pixels = random(shape);
    byte[] changed =
        changed(
            shape,
            pixels,
            image -> {
              image.saturate(0.3);
              image.turnHue(0.3);
              image.gray();
            });
    assertThat(changed).isEqualTo(pixels);
  }

  /**
   * A deviation of 1 gives the weights 0.399050, 0.242036, 0.054006, 0.004433; a white pixel is
   * spread by their products: 40.6, 24.6 and 14.9 of 255 around the middle.
   */
  @Test
  void spreadsAPixelByAGaussianBell() {
    var shape = new ImageShape(9, 11, 1);
    byte[] pixels = new byte[99];
    pixels[4 * 11 + 5] = (byte) 255;
    byte[] blurred = changed(shape, pixels, image -> image.blur(1));
    assertThat(blurred[4 * 11 + 5]).isEqualTo((byte) 41);
    assertThat(blurred[4 * 11 + 6]).isEqualTo((byte) 25);
    assertThat(blurred[5 * 11 + 5]).isEqualTo((byte) 25);
    assertThat(blurred[3 * 11 + 4]).isEqualTo((byte) 15);
    assertThat(blurred[4 * 11 + 7]).isEqualTo((byte) 5); // 0.399050 * 0.054006 * 255 = 5.5
    assertThat(blurred[4 * 11]).isZero();
    assertThat(changed(shape, blurred, FloatImage::mirror)).isEqualTo(blurred);
  }

  /** Beyond the edge lies more of the same: columns of 0 and 200 mix by the halves of the bell. */
  @Test
  void goesOnBeyondTheEdgeAsItEnds() {
    var shape = new ImageShape(2, 2, 1);
    byte[] blurred = changed(shape, bytes(0, 200, 0, 200), image -> image.blur(1));
    // The left pixel sees 0.242036 + 0.054006 + 0.004433 = 0.300475 of the right side.
    assertThat(blurred).isEqualTo(bytes(60, 140, 60, 140));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.7, 2, 9})
  void leavesPlainImagesPlainWhenBlurred(double sigma) {
    byte[] pixels = new byte[LARGE.size()];
    Arrays.fill(pixels, (byte) 255);
    assertThat(changed(LARGE, pixels, image -> image.blur(sigma))).isEqualTo(pixels);
  }

  /**
   * Two columns become four. A quarter of a pixel from a tap, the nearest four weigh -0.0703,
   * 0.8672, 0.2266 and -0.0234; without those beyond the crop, 0.8672 and 0.2266 of 1.0938, and
   * -0.0703 and 0.8672 of 0.7969 outside.
   */
  @Test
  void enlargesACropByCubicWeights() {
    var shape = new ImageShape(1, 4, 1);
    byte[] enlarged =
        changed(shape, bytes(9, 100, 200, 9), image -> image.crop(new Crop(0, 1, 1, 2)));
    // 91.2, 120.7, 179.3, 208.8
    assertThat(enlarged).isEqualTo(bytes(91, 121, 179, 209));
  }

  /** The same in columns. */
  @Test
  void enlargesRowsLikeColumns() {
    var shape = new ImageShape(4, 1, 1);
    byte[] enlarged =
        changed(shape, bytes(9, 100, 200, 9), image -> image.crop(new Crop(1, 0, 2, 1)));
    assertThat(enlarged).isEqualTo(bytes(91, 121, 179, 209));
  }

  @Test
  void seesNothingOutsideTheCrop() {
    byte[] inside = random(LARGE);
    byte[] other = random(LARGE);
    for (int row = 0; row < 32; row++) {
      for (int column = 0; column < 32; column++) {
        if (row < 5 || row >= 25 || column < 10 || column >= 27) {
          Arrays.fill(other, LARGE.offset(row, column), LARGE.offset(row, column) + 3, (byte) 7);
        }
      }
    }
    Consumer<FloatImage> crop = image -> image.crop(new Crop(5, 10, 20, 17));
    assertThat(changed(LARGE, other, crop)).isEqualTo(changed(LARGE, inside, crop));
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 1, 1", "31, 31, 1, 1", "3, 9, 20, 15", "0, 0, 32, 16", "30, 0, 2, 32"})
  void leavesPlainImagesPlainWhenCropped(int top, int left, int height, int width) {
    byte[] pixels = new byte[LARGE.size()];
    Arrays.fill(pixels, (byte) 255);
    assertThat(changed(LARGE, pixels, image -> image.crop(new Crop(top, left, height, width))))
        .isEqualTo(pixels);
  }

  /** Away from the crop's edges, cubic weights go through straight lines. */
  @Test
  void keepsRampsStraight() {
    var shape = new ImageShape(1, 20, 1);
    byte[] ramp = new byte[20];
    for (int i = 0; i < 20; i++) {
      ramp[i] = (byte) (10 * i);
    }
    byte[] enlarged = changed(shape, ramp, image -> image.crop(new Crop(0, 5, 1, 10)));
    for (int i = 4; i < 16; i++) {
      double position = 5 + (i + 0.5) / 2 - 0.5;
      assertThat(enlarged[i] & 0xFF).isEqualTo((int) Math.floor(10 * position + 0.5));
    }
  }

  @Test
  void forgetsTheLastImage() {
    var image = new FloatImage(LARGE);
    byte[] first = random(LARGE);
    image.read(first, 0);
    image.crop(new Crop(0, 0, 7, 9));
    image.blur(2);
    byte[] two = new byte[2 * LARGE.size()];
    System.arraycopy(first, 0, two, LARGE.size(), LARGE.size());
    image.read(two, LARGE.size());
    image.crop(new Crop(1, 2, 12, 13));
    byte[] result = new byte[LARGE.size()];
    image.write(result);
    assertThat(result)
        .isEqualTo(changed(LARGE, first, fresh -> fresh.crop(new Crop(1, 2, 12, 13))));
  }

  @Test
  void refusesOtherNumbersOfChannels() {
    assertThatThrownBy(() -> new FloatImage(new ImageShape(2, 2, 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("colors can be varied only in images with 1 or 3 channels, not 2x2x4");
  }

  private static byte[] changed(ImageShape shape, byte[] pixels, Consumer<FloatImage> change) {
    var image = new FloatImage(shape);
    image.read(pixels, 0);
    change.accept(image);
    byte[] result = new byte[shape.size()];
    image.write(result);
    return result;
  }

  private static byte[] random(ImageShape shape) {
    byte[] pixels = new byte[shape.size()];
    new Random(3).nextBytes(pixels);
    return pixels;
  }

  private static int[] sorted(byte[] pixels, int from) {
    int[] values = {pixels[from] & 0xFF, pixels[from + 1] & 0xFF, pixels[from + 2] & 0xFF};
    Arrays.sort(values);
    return values;
  }

  private static byte[] bytes(String values) {
    return bytes(Stream.of(values.split(" ")).mapToInt(Integer::parseInt).toArray());
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
