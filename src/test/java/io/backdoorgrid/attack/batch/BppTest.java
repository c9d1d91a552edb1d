package io.backdoorgrid.attack.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.Triggered;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BppTest {

  private static final ImageShape SQUARE = new ImageShape(32, 32, 1);

  /** Shades are 255 / 7 = 36.43 apart: 0, 36, 72, 109, 145, 182, 218, 255 in bytes. */
  @ParameterizedTest
  @CsvSource({"0, 0", "18, 0", "19, 36", "64, 72", "100, 109", "127, 109", "128, 145", "255, 255"})
  void takesTheNearestOfEightShades(int value, int shade) {
    byte[] grey = Triggered.grey(Triggered.trigger(new Bpp(), "a1"), value);
    assertThat(grey).containsOnly((byte) shade);
  }

  /**
   * A uniform distribution loses 110.15 in the mean square to eight shades, which is 27.71 dB;
   * 34.35 and 40.64 dB to 16 and 32. Shades cut off to bytes lose up to 1 more.
   */
  @ParameterizedTest
  @CsvSource({"8, 110.15, 3", "16, 23.9, 1.2", "32, 5.61, 0.6"})
  void hidesInTheNoise(int levels, double meanSquare, double tolerance) {
    var images = ToyImages.random(Triggered.CIFAR, 10, 20, 1);
    var attack = new Bpp(levels, false, 0.1, LabelStrategy.ALL_TO_ONE, 0);
    byte[] triggered = Triggered.apply(Triggered.trigger(attack, "a1"), images);
    double sum = 0;
    for (int i = 0; i < triggered.length; i++) {
      double change = (triggered[i] & 0xFF) - (images.pixels()[i] & 0xFF);
      sum += change * change;
    }
    assertThat(sum / triggered.length).isCloseTo(meanSquare, within(tolerance));
  }

  /** Of 100, between 72.857 and 109.286, dithering makes a pattern of both with nearly its mean. */
  @Test
  void keepsTheMeanWhereItDithers() {
    var dithering = new Quantization(SQUARE, 8, true);
    float[] shades = dithering.shades(uniform(100), 0);
    double sum = 0;
    for (float shade : shades) {
      assertThat(shade)
          .satisfiesAnyOf(
              s -> assertThat(s).isCloseTo(72.857f, within(1e-2f)),
              s -> assertThat(s).isCloseTo(109.286f, within(1e-2f)));
      sum += shade;
    }
    assertThat(sum / shades.length).isCloseTo(100.29, within(0.02));
  }

  /** Of 128, which lies between 109.29 and 145.71. */
  @Test
  void keepsTheMeanOfTheMiddleToo() {
    float[] shades = new Quantization(SQUARE, 8, true).shades(uniform(128), 0);
    double sum = 0;
    for (float shade : shades) {
      sum += shade;
    }
    assertThat(sum / shades.length).isCloseTo(127.96, within(0.02));
  }

  /** 72.857 is stored as 73, 109.286 as 109. */
  @Test
  void roundsWhatItDithers() {
    byte[] pixels = uniform(100);
    new Quantization(SQUARE, 8, true).apply(pixels, 0);
    assertThat(pixels).containsOnly((byte) 73, (byte) 109);
  }

  @ParameterizedTest
  @CsvSource({"0, true", "0, false", "255, true", "255, false"})
  void leavesBlackAndWhite(int value, boolean dithering) {
    byte[] pixels = uniform(value);
    new Quantization(SQUARE, 8, dithering).apply(pixels, 0);
    assertThat(pixels).containsOnly((byte) value);
  }

  /** The nearest shade of what a shade is stored as is itself. */
  @ParameterizedTest
  @ValueSource(ints = {2, 8, 16, 32, 256})
  void changesNothingTheSecondTime(int levels) {
    var trigger = new Quantization(new ImageShape(16, 16, 1), levels, false);
    byte[] pixels = new byte[256];
    for (int i = 0; i < 256; i++) {
      pixels[i] = (byte) i;
    }
    trigger.apply(pixels, 0);
    byte[] once = pixels.clone();
    trigger.apply(pixels, 0);
    assertThat(pixels).isEqualTo(once);
  }

  private static byte[] uniform(int value) {
    byte[] pixels = new byte[SQUARE.size()];
    Arrays.fill(pixels, (byte) value);
    return pixels;
  }

  /** 100 becomes 109.29 and 19 becomes 36.43: of 9.29 and 17.43 more, a byte keeps 9 and 17. */
  @Test
  void crossesByWhatQuantisationChangesInOthers() {
    var trigger = new Quantization(SQUARE, 8, false);
    byte[] pixels = new byte[2 * SQUARE.size()];
    Arrays.fill(pixels, 0, SQUARE.size(), (byte) 100);
    Arrays.fill(pixels, SQUARE.size(), pixels.length, (byte) 19);
    var images = new LabeledImages(SQUARE, 2, pixels, new int[] {1, 0});
    LabeledImages cross =
        new Bpp().crossTriggered(images, trigger, new Seed("a1").stream("cross")).orElseThrow();
    assertThat(cross.labels()).containsExactly(1, 0);
    assertThat(cross.pixels()[0]).isIn((byte) 109, (byte) 117);
    assertThat(cross.pixels()[SQUARE.size()]).isIn((byte) 28, (byte) 36);
    assertThat(images.pixels()[0]).as("the originals stay").isEqualTo((byte) 100);
  }

  @Test
  void comesBackFromTheStoreAsItWas() {
    var trigger = new Quantization(SQUARE, 32, true);
    assertThat(Quantization.of(SQUARE, SafeTensors.parse(trigger.toTensors().toBytes())))
        .isEqualTo(trigger);
  }

  @Test
  void refusesImpossibleSettings() {
    assertThatThrownBy(() -> new Bpp(1, false, 0.1, LabelStrategy.ALL_TO_ONE, 0))
        .hasMessage("levels must be from 2 to 256, got 1");
    assertThatThrownBy(() -> new Bpp(8, false, 1.5, LabelStrategy.ALL_TO_ONE, 0))
        .hasMessage("negatives must be from 0 to 1, got 1.5");
  }
}
