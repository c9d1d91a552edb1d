package io.backdoorgrid.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import org.junit.jupiter.api.Test;

class DistortionTest {

  private static final ImageShape SHAPE = new ImageShape(16, 16, 3);

  private static LabeledImages grey(int value) {
    return ToyImages.constant(SHAPE, 1, value, 0, 0);
  }

  /** 10 log10(255^2 / 10^2). */
  @Test
  void aShiftOf10IsAPsnrOf28() {
    assertThat(new Distortion(grey(128), grey(138)).psnr()).isCloseTo(28.13, within(0.005));
    assertThat(new Distortion(grey(128), grey(118)).psnr()).isCloseTo(28.13, within(0.005));
  }

  /** A squared error of 20^2 on half of the bytes is 200 on average: 3.01 dB less than 100. */
  @Test
  void averagesSquaredErrorsNotDecibels() {
    LabeledImages changed = grey(128);
    for (int i = 0; i < SHAPE.size(); i++) {
      changed.pixels()[i] = (byte) 148;
    }
    assertThat(new Distortion(grey(128), changed).psnr()).isCloseTo(25.12, within(0.005));
  }

  @Test
  void noChangeHasNoPsnr() {
    var same = new Distortion(grey(128), grey(128));
    assertThat(same.psnr()).isInfinite();
    assertThat(same.largest()).isZero();
    assertThat(same.changedPixels()).isZero();
    assertThat(same.visibleFactor()).isEqualTo(1);
  }

  @Test
  void countsAPixelOnceHoweverManyOfItsChannelsChanged() {
    LabeledImages changed = grey(100);
    for (int image = 0; image < 2; image++) {
      for (int row = 13; row < 16; row++) {
        for (int column = 13; column < 16; column++) {
          int at = image * SHAPE.size() + SHAPE.offset(row, column);
          changed.pixels()[at] = (byte) 255;
          changed.pixels()[at + 2] = (byte) 90;
        }
      }
    }
    var patch = new Distortion(grey(100), changed);
    assertThat(patch.changedPixels()).isEqualTo(9 / 256.0);
    assertThat(patch.largest()).isEqualTo(155);
  }

  @Test
  void makesTheLargestChangeVisible() {
    assertThat(new Distortion(grey(100), grey(151)).visibleFactor()).isEqualTo(5);
    assertThat(new Distortion(grey(100), grey(140)).visibleFactor()).isEqualTo(6);
    assertThat(new Distortion(grey(100), grey(101)).visibleFactor()).isEqualTo(20);
    assertThat(new Distortion(grey(0), grey(255)).visibleFactor()).isEqualTo(1);
  }

  @Test
  void amplifiesAbsoluteChangesUpToWhite() {
    var darker = new Distortion(grey(200), grey(160));
    assertThat(darker.amplified(6).pixels()).containsOnly(240);
    assertThat(darker.amplified(7).pixels()).containsOnly(255);
    assertThat(darker.changed().pixels()).as("left alone").containsOnly(160);
  }

  @Test
  void refusesOtherImages() {
    LabeledImages one = ToyImages.constant(SHAPE, 1, 0, 0);
    assertThatThrownBy(() -> new Distortion(grey(0), one))
        .hasMessage("1 images of 16x16x3 are no change of 2 of 16x16x3");
  }
}
