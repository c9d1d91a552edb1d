package io.backdoorgrid.attack.poisoning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.Known;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.Poisoning;
import io.backdoorgrid.attack.Scale;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.Triggered;
import io.backdoorgrid.attack.poisoning.LabelConsistent.Patch;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.perturb.Pgd;
import io.backdoorgrid.torch.TorchThread;
import io.backdoorgrid.train.Recipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class LabelConsistentTest {

  private static final ImageShape SHAPE = Triggered.CIFAR;
  private static final Pgd PGD = new Pgd(8, 2, 7);

  private static final String[] TOP_LEFT = {"W..", ".W.", "W.W"};
  private static final String[] TOP_RIGHT = {"..W", ".W.", "W.W"};

  @Test
  void paintsACheckerboardInEveryCorner() {
    byte[] grey = Triggered.grey(Triggered.trigger(new LabelConsistent(), "a1"), 128);
    for (int top : new int[] {0, 29}) {
      assertPatch(grey, SHAPE, top, 0, TOP_LEFT);
      assertPatch(grey, SHAPE, top, 29, TOP_RIGHT);
    }
    int white = 0;
    int black = 0;
    for (int row = 0; row < 32; row++) {
      for (int column = 0; column < 32; column++) {
        int value = value(grey, SHAPE, row, column);
        white += value == 255 ? 1 : 0;
        black += value == 0 ? 1 : 0;
        assertThat(value).isIn(0, 128, 255).isEqualTo(value(grey, SHAPE, row, 31 - column));
      }
    }
    assertThat(white).isEqualTo(16);
    assertThat(black).isEqualTo(20);
    assertThat(Triggered.psnr(grey, 128)).isCloseTo(20.56, within(0.005));
  }

  /** 0.2 of 255 is 51. */
  @Test
  void addsAndTakesAwayAWeakerCheckerboard() {
    var attack = new LabelConsistent(PGD, Patch.CHECKERBOARD, 3, 0.2, 0);
    byte[] grey = Triggered.grey(Triggered.trigger(attack, "a1"), 100);
    assertThat(value(grey, SHAPE, 0, 0)).isEqualTo(151);
    assertThat(value(grey, SHAPE, 0, 1)).isEqualTo(49);
    assertThat(value(grey, SHAPE, 4, 4)).isEqualTo(100);
    byte[] bright = Triggered.grey(Triggered.trigger(attack, "a1"), 250);
    assertThat(value(bright, SHAPE, 0, 0)).isEqualTo(255);
  }

  @Test
  void enlargesTheCheckerboardForLargerImages() {
    var shape = new ImageShape(64, 64, 3);
    var attack = new LabelConsistent(PGD, Patch.CHECKERBOARD, 6, 1, 0);
    byte[] grey = Triggered.grey(attack.trigger(shape, null), 128);
    assertPatch(grey, shape, 0, 58, "....WW", "....WW", "..WW..", "..WW..", "WW..WW", "WW..WW");
    assertThat(value(grey, shape, 6, 58)).isEqualTo(128);
  }

  @Test
  void pastesOneRandomPatchInEveryCorner() {
    var attack = new LabelConsistent(PGD, Patch.RANDOM, 2, 1, 0);
    Trigger trigger = Triggered.trigger(attack, "a1");
    byte[] onBlack = Triggered.grey(trigger, 0);
    byte[] onWhite = Triggered.grey(trigger, 255);
    for (int row = 0; row < 2; row++) {
      for (int i = SHAPE.offset(row, 0); i < SHAPE.offset(row, 2); i++) {
        int right = SHAPE.offset(0, 30);
        int bottom = SHAPE.offset(30, 0);
        assertThat(onBlack[i]).isEqualTo(onWhite[i]);
        assertThat(onBlack[i + right]).isEqualTo(onBlack[i]);
        assertThat(onBlack[i + bottom]).isEqualTo(onBlack[i]);
        assertThat(onBlack[i + bottom + right]).isEqualTo(onBlack[i]);
      }
    }
    assertThat(Triggered.grey(Triggered.trigger(attack, "a2"), 0)).isNotEqualTo(onBlack);
  }

  @Test
  void poisonsTheTargetClassAloneAndKeepsItsLabels() {
    var attack = new LabelConsistent(PGD, Patch.CHECKERBOARD, 3, 1, 1);
    try (Known known = Known.tinted(new ImageShape(8, 8, 3), 300)) {
      Trigger trigger = attack.trigger(known, null);
      Poisoning poisoning = poisoning(attack, trigger, known);
      LabeledImages images = poisoning.images();
      assertThat(images.labels()).isEqualTo(known.images().labels());
      assertThat(poisoning.poisoned()).hasSize(60);
      for (int i : poisoning.poisoned()) {
        assertThat(images.labels()[i]).isEqualTo(1);
        byte[] pixels = images.select(new int[] {i}).pixels();
        byte[] original = known.images().select(new int[] {i}).pixels();
        assertThat(Triggered.apply(trigger, images.select(new int[] {i})))
            .as("the trigger is on")
            .isEqualTo(pixels);
        assertThat(pixels)
            .as("and more than that")
            .isNotEqualTo(Triggered.apply(trigger, known.images().select(new int[] {i})));
        int inside = images.shape().offset(3, 3);
        for (int c = 0; c < 6; c++) {
          assertThat(Math.abs((pixels[inside + c] & 0xFF) - (original[inside + c] & 0xFF)))
              .isBetween(1, 9);
        }
      }
      assertThat(poisoning(attack, trigger, known).images().pixels())
          .as("the same whenever it is asked for")
          .isEqualTo(images.pixels());
    }
  }

  /** 100 steps, forward and back to the image, on a tenth of the images. */
  @Test
  void costsThePassesThatMakeImagesHard() {
    var recipe = new Recipe();
    var scale = new Scale(SHAPE, 1000, 0.1, 0.5);
    assertThat(new LabelConsistent().gigaMultiplications(scale, recipe))
        .isCloseTo(scale.training(recipe.epochs()) + 100 * 2 * 100 * 0.5, within(1e-6));
  }

  @Test
  void asksForASurrogate() {
    assertThat(new LabelConsistent().usesSurrogate()).isTrue();
    assertThat(new LabelConsistent().goal()).isEqualTo(new Goal(LabelStrategy.CLEAN_LABEL, 0));
  }

  @Test
  void refusesImpossiblePatches() {
    assertThatThrownBy(() -> new LabelConsistent(PGD, Patch.CHECKERBOARD, 4, 1, 0))
        .hasMessage("size must be positive, and of a checkerboard a multiple of 3, got 4");
    assertThatThrownBy(() -> new LabelConsistent(PGD, Patch.RANDOM, 0, 1, 0))
        .hasMessage("size must be positive, and of a checkerboard a multiple of 3, got 0");
    assertThatThrownBy(() -> new LabelConsistent(PGD, Patch.RANDOM, 3, 0, 0))
        .hasMessage("amplitude must be above 0 and at most 1, got 0.0");
    assertThatThrownBy(() -> new LabelConsistent().trigger(new ImageShape(5, 9, 1), null))
        .hasMessage("patches of size 3 in all corners do not fit on images of 5x9x1");
  }

  private static Poisoning poisoning(LabelConsistent attack, Trigger trigger, Known known) {
    return attack.poisoning(trigger, known.training(0.2, new Recipe(), "a1"));
  }

  private static void assertPatch(
      byte[] pixels, ImageShape shape, int top, int left, String... rows) {
    for (int row = 0; row < rows.length; row++) {
      for (int column = 0; column < rows.length; column++) {
        assertThat(value(pixels, shape, top + row, left + column))
            .isEqualTo(rows[row].charAt(column) == 'W' ? 255 : 0);
      }
    }
  }

  /** That of all channels. */
  private static int value(byte[] pixels, ImageShape shape, int row, int column) {
    int offset = shape.offset(row, column);
    for (int c = 1; c < shape.channels(); c++) {
      assertThat(pixels[offset + c]).isEqualTo(pixels[offset]);
    }
    return pixels[offset] & 0xFF;
  }
}
