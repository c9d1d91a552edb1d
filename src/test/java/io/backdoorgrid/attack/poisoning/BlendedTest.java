package io.backdoorgrid.attack.poisoning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.Triggered;
import io.backdoorgrid.attack.trigger.Overlay;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlendedTest {

  /** 0.8 * 128 = 102.4, 0.8 * 128 + 0.2 * 255 = 153.4. */
  @ParameterizedTest
  @CsvSource({"0, 102", "255, 153", "128, 128"})
  void mixesGreyWithTheKey(int key, int expected) {
    var trigger = new Overlay(new ImageShape(1, 1, 1), new float[] {0.2f}, new float[] {key});
    assertThat(Triggered.grey(trigger, 128)[0] & 0xFF).isEqualTo(expected);
  }

  /** Exactly trunc((4 x + key) / 5), whatever the rounding of 0.2 and of the sum. */
  @Test
  void truncatesEveryMixture() {
    var shape = new ImageShape(256, 1, 1);
    float[] opacity = new float[256];
    float[] key = new float[256];
    for (int i = 0; i < 256; i++) {
      opacity[i] = 0.2f;
      key[i] = i;
    }
    var trigger = new Overlay(shape, opacity, key);
    for (int x = 0; x < 256; x++) {
      byte[] pixels = Triggered.grey(trigger, x);
      for (int i = 0; i < 256; i++) {
        assertThat(pixels[i] & 0xFF).isEqualTo((4 * x + i) / 5);
      }
    }
  }

  @Test
  void changesNoPixelByMoreThanItsShareOfTheScale() {
    Trigger trigger = Triggered.trigger(new Blended(), "a1");
    LabeledImages images = ToyImages.random(Triggered.CIFAR, 10, 20, 1);
    byte[] pixels = Triggered.apply(trigger, images);
    for (int i = 0; i < pixels.length; i++) {
      assertThat(Math.abs((pixels[i] & 0xFF) - (images.pixels()[i] & 0xFF)))
          .isLessThanOrEqualTo(51);
    }
  }

  @Test
  void showsNothingButTheKeyAtFullOpacity() {
    Overlay trigger = key(new Blended(1, LabelStrategy.ALL_TO_ONE, 0), "a1");
    byte[] pixels = Triggered.apply(trigger, ToyImages.random(Triggered.CIFAR, 10, 1, 1));
    for (int i = 0; i < pixels.length; i++) {
      assertThat((float) (pixels[i] & 0xFF)).isEqualTo(trigger.pattern()[i]);
    }
  }

  /** The known ratios for uniform noise; the key's 3,072 bytes vary them by 0.1. */
  @ParameterizedTest
  @CsvSource({"0.2, 24.7", "0.1, 30.7"})
  void changesGreyImagesByTheKnownAmount(double alpha, double decibels) {
    Trigger trigger = Triggered.trigger(new Blended(alpha, LabelStrategy.ALL_TO_ONE, 0), "a1");
    assertThat(Triggered.psnr(Triggered.grey(trigger, 128), 128)).isCloseTo(decibels, within(0.3));
  }

  @Test
  void drawsTheKeyOncePerVictim() {
    float[] key = key(new Blended(), "a1").pattern();
    assertThat(key(new Blended(), "a1").pattern()).isEqualTo(key);
    assertThat(key(new Blended(), "a2").pattern()).isNotEqualTo(key);
  }

  @Test
  void refusesImpossibleValues() {
    assertThatThrownBy(() -> new Blended(0, LabelStrategy.ALL_TO_ONE, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("alpha must be above 0 and at most 1, got 0.0");
    assertThatThrownBy(() -> new Blended(1.01, LabelStrategy.ALL_TO_ONE, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("alpha must be above 0 and at most 1, got 1.01");
    assertThatThrownBy(() -> new Blended(Double.NaN, LabelStrategy.ALL_TO_ONE, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("alpha must be above 0 and at most 1, got NaN");
    assertThatThrownBy(() -> new Blended(0.2, LabelStrategy.ALL_TO_ONE, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("target must not be negative, got -1");
  }

  private static Overlay key(Blended blended, String seed) {
    return (Overlay) Triggered.trigger(blended, seed);
  }
}
