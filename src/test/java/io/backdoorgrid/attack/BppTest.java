package io.backdoorgrid.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BppTest {

  private static final ImageShape SQUARE = new ImageShape(32, 32, 1);

  /** Shades are 255 / 7 = 36.43 apart: 0, 36, 72, 109, 145, 182, 218, 255 in bytes. */
  @ParameterizedTest
  @CsvSource({"0, 0", "18, 0", "19, 36", "64, 72", "100, 109", "127, 109", "128, 145", "255, 255"})
  void takesTheNearestOfEightShades(int value, int shade) {
    byte[] grey = Triggered.grey(Triggered.trigger(new Bpp(), "a1"), value);
    assertThat(grey).containsOnly((byte) shade);
  }

  /** A uniform distribution loses 110.15 in the mean square, which is 27.71 dB. */
  @Test
  void hidesInTheNoise() {
    var images = ToyImages.random(Triggered.CIFAR, 10, 20, 1);
    byte[] triggered = Triggered.apply(Triggered.trigger(new Bpp(), "a1"), images);
    double sum = 0;
    for (int i = 0; i < triggered.length; i++) {
      double change = (triggered[i] & 0xFF) - (images.pixels()[i] & 0xFF);
      sum += change * change;
    }
    assertThat(sum / triggered.length).isCloseTo(110.15, within(3.0));
  }

  /** Of 100, between 72.857 and 109.286, dithering makes a pattern of both with nearly its mean. */
  @Test
  void keepsTheMeanWhereItDithers() {
    var dithering = new Quantization(SQUARE, 8, true);
    byte[] pixels = new byte[SQUARE.size()];
    Arrays.fill(pixels, (byte) 100);
    float[] shades = dithering.shades(pixels, 0);
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
    assertThat(Trigger.of(SQUARE, SafeTensors.parse(trigger.toTensors().toBytes())))
        .isEqualTo(trigger);
  }

  @Test
  void refusesImpossibleSettings() {
    assertThatThrownBy(() -> new Bpp(1, false, 0.1, Labels.ALL_TO_ONE, 0))
        .hasMessage("levels must be from 2 to 256, got 1");
    assertThatThrownBy(() -> new Bpp(8, false, 1.5, Labels.ALL_TO_ONE, 0))
        .hasMessage("negatives must be from 0 to 1, got 1.5");
  }
}
