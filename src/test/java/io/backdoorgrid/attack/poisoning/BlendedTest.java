package io.backdoorgrid.attack.poisoning;

import static io.backdoorgrid.algorithm.Hyperparameters.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.Triggered;
import io.backdoorgrid.attack.trigger.Overlay;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.grid.FileContent;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.imageio.ImageIO;
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
    Overlay trigger = key(with(new Blended(), Map.of("alpha", 1)), "a1");
    byte[] pixels = Triggered.apply(trigger, ToyImages.random(Triggered.CIFAR, 10, 1, 1));
    for (int i = 0; i < pixels.length; i++) {
      assertThat((float) (pixels[i] & 0xFF)).isEqualTo(trigger.pattern()[i]);
    }
  }

  /** The known ratios for uniform noise; the key's 3,072 bytes vary them by 0.1. */
  @ParameterizedTest
  @CsvSource({"0.2, 24.7", "0.1, 30.7"})
  void changesGreyImagesByTheKnownAmount(double alpha, double decibels) {
    Trigger trigger = Triggered.trigger(with(new Blended(), Map.of("alpha", alpha)), "a1");
    assertThat(Triggered.psnr(Triggered.grey(trigger, 128), 128)).isCloseTo(decibels, within(0.3));
  }

  @Test
  void drawsTheKeyOncePerVictim() {
    float[] key = key(new Blended(), "a1").pattern();
    assertThat(key(new Blended(), "a1").pattern()).isEqualTo(key);
    assertThat(key(new Blended(), "a2").pattern()).isNotEqualTo(key);
  }

  @Test
  void showsAPictureThatTheUserGives() throws IOException {
    Overlay trigger = key(with(new Blended(), Map.of("key", png("cat.png", 0x0A141E))), "a1");
    float[] pattern = trigger.pattern();
    for (int i = 0; i < pattern.length; i += 3) {
      assertThat(new float[] {pattern[i], pattern[i + 1], pattern[i + 2]})
          .as("red, green and blue")
          .containsExactly(10, 20, 30);
    }
    assertThat(trigger.opacity()).containsOnly(0.2f);
  }

  @Test
  void refusesAFileThatIsNoPicture() {
    var text = new FileContent("cat.txt", "meow".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> with(new Blended(), Map.of("key", text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("key cat.txt is neither PNG nor JPEG");
  }

  /** A picture of 8x5 pixels of one color. */
  private static FileContent png(String name, int rgb) throws IOException {
    var image = new BufferedImage(8, 5, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 40; i++) {
      image.setRGB(i % 8, i / 8, rgb);
    }
    var bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return new FileContent(name, bytes.toByteArray());
  }

  @Test
  void refusesImpossibleValues() {
    assertThatThrownBy(() -> with(new Blended(), Map.of("alpha", 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("alpha must be above 0 and at most 1, got 0.0");
    assertThatThrownBy(() -> with(new Blended(), Map.of("alpha", 1.01)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("alpha must be above 0 and at most 1, got 1.01");
    assertThatThrownBy(() -> with(new Blended(), Map.of("alpha", Double.NaN)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("alpha must be above 0 and at most 1, got NaN");
    assertThatThrownBy(() -> with(new Blended(), Map.of("target", -1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("target must not be negative, got -1");
  }

  private static Overlay key(Blended blended, String seed) {
    return (Overlay) Triggered.trigger(blended, seed);
  }
}
