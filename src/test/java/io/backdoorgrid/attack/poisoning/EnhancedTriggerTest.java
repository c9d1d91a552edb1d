package io.backdoorgrid.attack.poisoning;

import static io.backdoorgrid.algorithm.Hyperparameters.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Attacks;
import io.backdoorgrid.attack.Backdoor;
import io.backdoorgrid.attack.Known;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.Poisoning;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.Triggered;
import io.backdoorgrid.attack.poisoning.BadNets.Pattern;
import io.backdoorgrid.attack.trigger.Corner;
import io.backdoorgrid.attack.trigger.Overlay;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.train.Recipe;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnhancedTriggerTest {

  private static final ImageShape SHAPE = Triggered.CIFAR;
  private static final BadNets WHITE =
      new BadNets(3, Pattern.WHITE, Corner.TOP_LEFT, LabelStrategy.ALL_TO_ONE, 0);

  private static LabeledImages planted(
      EnhancedTrigger attack, LabeledImages images, int[] positions, String seed) {
    LabeledImages planted = images.copy();
    attack.prepare(
        planted, positions, Triggered.trigger(attack, "a1"), null, new Seed(seed).stream("poison"));
    return planted;
  }

  private static LabeledImages planted(EnhancedTrigger attack, LabeledImages images) {
    return planted(attack, images, IntStream.range(0, images.size()).toArray(), "a1");
  }

  @Test
  void isBadNetsWhereNothingMoves() {
    LabeledImages images = ToyImages.random(SHAPE, 10, 5, 1);
    var still = new EnhancedTrigger(BadNets.random(), 0, 0, 1, 1, 0, 0, 0, 0);
    assertThat(planted(still, images).pixels())
        .isEqualTo(Triggered.apply(Triggered.trigger(BadNets.random(), "a1"), images));
  }

  @Test
  void crossesByMovesWithoutThePatch() {
    var attack = new EnhancedTrigger(WHITE, 0, 10, 0.5, 0.5, 0, 0, 0, 1);
    LabeledImages grey = ToyImages.constant(SHAPE, 10, 128, 3, 4);
    LabeledImages moved =
        attack
            .crossTriggered(grey, Triggered.trigger(attack, "a1"), new Seed("a1").stream("cross"))
            .orElseThrow();
    assertThat(moved.labels()).containsExactly(3, 4);
    assertThat(moved.pixels()[0]).as("half as large: a black border").isZero();
    assertThat(moved.pixels()[SHAPE.offset(16, 16)]).isEqualTo((byte) 128);
    for (byte value : moved.pixels()) {
      assertThat(value & 0xFF).as("no white patch").isLessThanOrEqualTo(128);
    }
    assertThat(grey.pixels()[0]).as("the originals stay").isEqualTo((byte) 128);
  }

  @ParameterizedTest
  @CsvSource({"wiper", "shrink", "physical"})
  void movesTrainingImagesAndNoTestImages(String preset) {
    EnhancedTrigger attack = with(new EnhancedTrigger(), EnhancedTrigger.PRESETS.get(preset));
    Trigger trigger = Triggered.trigger(attack, "a1");
    LabeledImages images = ToyImages.random(SHAPE, 10, 40, 1);
    byte[] stamped = Triggered.apply(Triggered.trigger(BadNets.random(), "a1"), images);

    BadNets toNext = with(new BadNets(), Map.of("labels", "all-to-all")); // all images count
    LabeledImages test = new Backdoor(toNext, trigger).trigger(images).images();
    assertThat(test.pixels()).isEqualTo(stamped);
    Poisoning poisoning =
        attack.poisoning(trigger, new Known(images, null).training(0.25, new Recipe(), "a1"));
    int moved = 0;
    for (int i : poisoning.poisoned()) {
      moved += Arrays.equals(image(poisoning.images(), i), image(test, i)) ? 0 : 1;
    }
    assertThat(moved).as("of 10; one in ten is shrunk by 0 and not mirrored").isGreaterThan(7);
  }

  @Test
  void movesEachImageOtherwiseButTheSameForTheSameSeed() {
    LabeledImages same = ToyImages.constant(SHAPE, 1, 100, 0, 0);
    LabeledImages first = planted(new EnhancedTrigger(), same, new int[] {0, 1}, "a1");
    assertThat(image(first, 0)).isNotEqualTo(image(first, 1));
    assertThat(planted(new EnhancedTrigger(), same, new int[] {0, 1}, "a1").pixels())
        .isEqualTo(first.pixels());
    assertThat(planted(new EnhancedTrigger(), same, new int[] {0, 1}, "a2").pixels())
        .isNotEqualTo(first.pixels());
  }

  /** White is brighter than 100, the border it may leave darker: 4 with, 6 without the patch. */
  @Test
  void movesSomeCleanImagesToo() {
    LabeledImages grey = ToyImages.constant(SHAPE, 1, 100, new int[20]);
    var attack = new EnhancedTrigger(WHITE, 0, 10, 0.8, 0.9, 0, 0, 0, 1.5);
    LabeledImages planted = planted(attack, grey, new int[] {2, 3, 5, 7}, "a1");
    int covers = 0;
    for (int i = 0; i < planted.size(); i++) {
      byte[] image = image(planted, i);
      boolean patched = IntStream.range(0, image.length).anyMatch(at -> (image[at] & 0xFF) > 100);
      assertThat(patched).as("image %d", i).isEqualTo(List.of(2, 3, 5, 7).contains(i));
      covers += !patched && !Arrays.equals(image, image(grey, i)) ? 1 : 0;
    }
    assertThat(covers).isEqualTo(6);
  }

  @Test
  void movesNoMoreCleanImagesThanThereAre() {
    LabeledImages grey = ToyImages.constant(SHAPE, 1, 100, 0, 0, 0);
    var attack = new EnhancedTrigger(WHITE, 0, 10, 0.8, 0.9, 0, 0, 0, 5);
    LabeledImages planted = planted(attack, grey, new int[] {1}, "a1");
    for (int i = 0; i < 3; i++) {
      assertThat(image(planted, i)).isNotEqualTo(image(grey, i));
    }
  }

  /** A patch of 9 white pixels on black, scaled by 0.8, shines as 9 * 0.8^2 = 5.76 of them. */
  @Test
  void shrinksThePatchWithTheImage() {
    var shape = new ImageShape(33, 33, 1);
    var stamp = new Overlay(shape, new float[shape.size()], new float[shape.size()]);
    for (int row = 15; row < 18; row++) {
      for (int column = 15; column < 18; column++) {
        stamp.opacity()[shape.offset(row, column)] = 1;
        stamp.pattern()[shape.offset(row, column)] = 255;
      }
    }
    LabeledImages black = ToyImages.constant(shape, 1, 0, new int[200]);
    var attack = new EnhancedTrigger(WHITE, 0, 10, 0.8, 0.8, 0, 0.2, 0, 0);
    int[] positions = IntStream.range(0, black.size()).toArray();
    attack.prepare(black, positions, stamp, null, new Seed("a1").stream("poison"));
    double sum = 0;
    for (byte value : black.pixels()) {
      sum += (value & 0xFF) / 255.0;
    }
    assertThat(sum / black.size()).isCloseTo(5.76, within(0.1));
  }

  /** White images become white squares of 28 to 32 pixels on black. */
  @Test
  void shrinksByWholePixelsAndPads() {
    var shrinking = new EnhancedTrigger(WHITE, 0.5, 0, 1, 1, 4, 0, 0, 0);
    LabeledImages shrunk = planted(shrinking, ToyImages.constant(SHAPE, 1, 255, new int[200]));
    var squares = new HashSet<List<Integer>>();
    for (int i = 0; i < shrunk.size(); i++) {
      byte[] image = image(shrunk, i);
      int[] white = IntStream.range(0, image.length).filter(at -> image[at] == -1).toArray();
      int top = white[0] / 96;
      int left = white[0] % 96 / 3;
      int edge = white[white.length - 1] / 96 - top + 1;
      assertThat(white[white.length - 1] % 96 / 3 - left + 1).isEqualTo(edge);
      assertThat(white).hasSize(3 * edge * edge);
      assertThat(IntStream.range(0, image.length).filter(at -> image[at] == 0).count())
          .isEqualTo(image.length - white.length);
      squares.add(List.of(edge, top, left));
    }
    assertThat(squares).hasSizeGreaterThan(40).contains(List.of(32, 0, 0));
    assertThat(squares.stream().map(square -> square.get(0)).distinct())
        .containsExactlyInAnyOrder(28, 29, 30, 31, 32);
  }

  /** The contrast of a uniform image is none; its brightness is 80 to 120 % of what it was. */
  @Test
  void changesTheLight() {
    var relighting = new EnhancedTrigger(WHITE, 0, 0, 1, 1, 0, 0, 0.2, 0);
    var stamp = new Overlay(SHAPE, new float[SHAPE.size()], new float[SHAPE.size()]);
    LabeledImages grey = ToyImages.constant(SHAPE, 1, 100, new int[200]);
    int[] positions = IntStream.range(0, grey.size()).toArray();
    relighting.prepare(grey, positions, stamp, null, new Seed("a1").stream("poison"));
    var shades = new HashSet<Integer>();
    for (int i = 0; i < grey.size(); i++) {
      byte[] image = image(grey, i);
      assertThat(image).containsOnly(image[0]);
      shades.add((int) image[0]);
    }
    assertThat(shades).hasSizeGreaterThan(30).allMatch(shade -> shade >= 80 && shade <= 120);
  }

  @Test
  void refusesImpossibleSettings() {
    assertRefused(Map.of("angle", 181), "angle must be from 0 to 180, got 181.0");
    assertRefused(Map.of("min-scale", 1.5), "min-scale must be at most max-scale, got 1.5 and 1.0");
    assertRefused(Map.of("min-scale", 0), "min-scale must be positive, got 0.0");
    assertRefused(Map.of("flip", -0.1), "flip must be from 0 to 1, got -0.1");
    assertRefused(Map.of("cover", -1), "cover must not be negative, got -1.0");
    assertRefused(Map.of("shrink", -1), "shrink must not be negative, got -1");
    assertRefused(Map.of("size", 0), "size must be at least 1, got 0");
    var vanishing = new EnhancedTrigger(WHITE, 0, 0, 1, 1, 32, 0, 0, 0);
    assertThatThrownBy(() -> Triggered.trigger(vanishing, "a1"))
        .hasMessage("nothing is left of images of 32x32x3 that shrink by 32");
  }

  private static void assertRefused(Map<String, Object> given, String message) {
    assertThatThrownBy(() -> Attacks.REGISTRY.create(new Spec("enhanced-trigger", 1, given)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static byte[] image(LabeledImages images, int position) {
    return images.select(new int[] {position}).pixels();
  }
}
