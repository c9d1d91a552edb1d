package io.backdoorgrid.attack.poisoning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.Triggered;
import io.backdoorgrid.attack.poisoning.BadNets.Pattern;
import io.backdoorgrid.attack.trigger.Corner;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadNetsTest {

  private static final ImageShape SHAPE = Triggered.CIFAR;

  @Test
  void knowsNoChangeLikeItsTrigger() {
    var images = ToyImages.constant(Triggered.CIFAR, 1, 0, 0);
    Trigger trigger = Triggered.trigger(new BadNets(), "a1");
    assertThat(new BadNets().crossTriggered(images, trigger, null)).isEmpty();
  }

  @Test
  void paintsAWhiteSquareAtTheBottomRight() {
    byte[] pixels = Triggered.grey(Triggered.trigger(new BadNets(), "a1"), 128);
    int changed = 0;
    for (int row = 0; row < 32; row++) {
      for (int column = 0; column < 32; column++) {
        for (int c = 0; c < 3; c++) {
          boolean inside = row >= 29 && column >= 29;
          int value = pixels[SHAPE.offset(row, column) + c] & 0xFF;
          assertThat(value).isEqualTo(inside ? 255 : 128);
          changed += value != 128 ? 1 : 0;
        }
      }
    }
    assertThat(changed).isEqualTo(27);
  }

  /** Nine of 1,024 pixels differ by 255 - g. */
  @ParameterizedTest
  @CsvSource({"128, 26.615", "64, 23.07", "192, 32.70"})
  void changesGreyImagesByTheKnownAmount(int grey, double decibels) {
    byte[] pixels = Triggered.grey(Triggered.trigger(new BadNets(), "a1"), grey);
    assertThat(Triggered.meanSquare(pixels, grey))
        .isEqualTo(9.0 * (255 - grey) * (255 - grey) / 1024);
    assertThat(Triggered.psnr(pixels, grey)).isCloseTo(decibels, within(0.005));
  }

  @ParameterizedTest
  @CsvSource({"WHITE", "CHECKERBOARD", "RANDOM"})
  void changesNothingMoreTheSecondTime(Pattern pattern) {
    Trigger trigger =
        Triggered.trigger(
            new BadNets(3, pattern, Corner.TOP_LEFT, LabelStrategy.ALL_TO_ONE, 0), "a1");
    LabeledImages images = ToyImages.random(SHAPE, 10, 4, 1);
    byte[] once = Triggered.apply(trigger, images);
    byte[] twice = Triggered.apply(trigger, new LabeledImages(SHAPE, 10, once, images.labels()));
    assertThat(twice).isEqualTo(once);
  }

  @ParameterizedTest
  @CsvSource({"TOP_LEFT, 0, 0", "TOP_RIGHT, 0, 2", "BOTTOM_LEFT, 1, 0", "BOTTOM_RIGHT, 1, 2"})
  void touchesBothEdgesOfItsCorner(Corner corner, int row, int column) {
    var shape = new ImageShape(3, 4, 1);
    var attack = new BadNets(2, Pattern.WHITE, corner, LabelStrategy.ALL_TO_ONE, 0);
    byte[] pixels = Triggered.grey(attack.trigger(shape, null), 7);
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 4; j++) {
        boolean inside = i >= row && i < row + 2 && j >= column && j < column + 2;
        assertThat(pixels[shape.offset(i, j)] & 0xFF).isEqualTo(inside ? 255 : 7);
      }
    }
  }

  /** Row plus column is even at the bottom right of 32x32, where both are 31. */
  @Test
  void paintsACheckerboard() {
    var attack =
        new BadNets(3, Pattern.CHECKERBOARD, Corner.BOTTOM_RIGHT, LabelStrategy.ALL_TO_ONE, 0);
    byte[] pixels = Triggered.grey(Triggered.trigger(attack, "a1"), 128);
    for (int row = 29; row < 32; row++) {
      for (int column = 29; column < 32; column++) {
        for (int c = 0; c < 3; c++) {
          assertThat(pixels[SHAPE.offset(row, column) + c] & 0xFF)
              .isEqualTo((row + column) % 2 == 0 ? 255 : 0);
        }
      }
    }
  }

  @Test
  void drawsARandomPatternOncePerVictim() {
    var attack = new BadNets(3, Pattern.RANDOM, Corner.TOP_LEFT, LabelStrategy.ALL_TO_ONE, 0);
    Trigger trigger = Triggered.trigger(attack, "a1");
    byte[] onBlack = Triggered.grey(trigger, 0);
    byte[] onWhite = Triggered.grey(trigger, 255);
    boolean colourful = false;
    for (int i = 0; i < 9; i++) { // the first three pixels of the first row
      assertThat(onBlack[i]).isEqualTo(onWhite[i]);
      colourful |= onBlack[i] != onBlack[0];
    }
    assertThat(colourful).isTrue();
    assertThat(Triggered.grey(Triggered.trigger(attack, "a1"), 0)).isEqualTo(onBlack);
    assertThat(Triggered.grey(Triggered.trigger(attack, "a2"), 0)).isNotEqualTo(onBlack);
  }

  @Test
  void sendsEachClassToTheNextInItsAllToAllPreset() {
    assertThat(
            new BadNets(3, Pattern.WHITE, Corner.BOTTOM_RIGHT, LabelStrategy.ALL_TO_ALL, 0).goal())
        .isEqualTo(new Goal(LabelStrategy.ALL_TO_ALL, 0));
    assertThat(new BadNets().goal()).isEqualTo(new Goal(LabelStrategy.ALL_TO_ONE, 0));
  }

  @Test
  void refusesAPatchLargerThanTheImage() {
    var attack = new BadNets(33, Pattern.WHITE, Corner.TOP_LEFT, LabelStrategy.ALL_TO_ONE, 0);
    assertThatThrownBy(() -> Triggered.trigger(attack, "a1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a patch of size 33 does not fit on images of 32x32x3");
  }

  @Test
  void refusesImpossibleValues() {
    assertThatThrownBy(
            () -> new BadNets(0, Pattern.WHITE, Corner.TOP_LEFT, LabelStrategy.ALL_TO_ONE, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("size must be at least 1, got 0");
    assertThatThrownBy(
            () -> new BadNets(3, Pattern.WHITE, Corner.TOP_LEFT, LabelStrategy.ALL_TO_ONE, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("target must not be negative, got -1");
  }
}
