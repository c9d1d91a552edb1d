package io.backdoorgrid.data.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation.Flip;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AugmentedBatchesTest {

  private static final ImageShape THREE = new ImageShape(3, 3, 1);

  /** No randomness may be asked for. */
  private static final RandomGenerator NONE =
      () -> {
        throw new AssertionError("a random number was drawn");
      };

  private final LabeledImages images =
      new LabeledImages(THREE, 3, bytes(IntStream.range(0, 27).toArray()), new int[] {2, 1, 0});

  @Test
  void copiesImagesInTheAskedOrderWithoutAugmentationOrRandomness() {
    byte[] batch = fill(images, Augmentation.NONE, new int[] {1, 2, 0, 1}, 1, 4, 0, NONE);
    assertThat(batch)
        .containsExactly(
            bytes(IntStream.concat(IntStream.range(18, 27), IntStream.range(0, 18)).toArray()));
  }

  @Test
  void givesTheLabelsOfTheSameImages() {
    var batches = new AugmentedBatches(images, Augmentation.NONE);
    assertThat(batches.labels(new int[] {1, 2, 0, 1}, 1, 4)).containsExactly(0, 2, 1);
  }

  /** The window moves down and right, so the picture moves up and left; beyond it all is black. */
  @ParameterizedTest
  @CsvSource({
    " 0,  0, 123 456 789",
    " 1,  0, 456 789 000",
    "-1,  0, 000 123 456",
    " 0,  1, 230 560 890",
    " 0, -1, 012 045 078",
    " 1,  1, 560 890 000",
    "-1,  1, 000 230 560",
    " 2, -2, 007 000 000",
  })
  void cropsAWindowWithABlackBorder(int down, int right, String expected) {
    var augmentation = new Augmentation(2, Flip.NONE);
    // Of the shifts -2 to 2, the generator answers 0 to 4.
    RandomGenerator random = new Answers(down + 2, right + 2);
    assertThat(fill(digits(), augmentation, new int[] {0}, 0, 1, 0, random))
        .isEqualTo(digits(expected));
  }

  @Test
  void shiftsASinglePixelToWhereTheWindowLeavesIt() {
    byte[] pixels = new byte[27];
    Arrays.fill(pixels, 3 * 4, 3 * 5, (byte) 200); // the three channels of the middle
    var image = new LabeledImages(new ImageShape(3, 3, 3), 1, pixels, new int[1]);
    byte[] batch =
        fill(image, new Augmentation(1, Flip.NONE), new int[] {0}, 0, 1, 0, new Answers(2, 0));
    byte[] expected = new byte[27];
    Arrays.fill(expected, 3 * 2, 3 * 3, (byte) 200); // down 1, left 1: the top right corner
    assertThat(batch).isEqualTo(expected);
  }

  @Test
  void cropsEverythingAwayAtTheLargestShift() {
    byte[] batch =
        fill(digits(), new Augmentation(3, Flip.NONE), new int[] {0}, 0, 1, 0, new Answers(6, 3));
    assertThat(batch).containsOnly(0);
  }

  @Test
  void refusesACropThatCouldMissTheImage() {
    assertThatThrownBy(() -> new AugmentedBatches(digits(), new Augmentation(4, Flip.NONE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a crop by up to 4 pixels misses images of 3x3x1");
  }

  @Test
  void mirrorsLeftToRightAndKeepsChannelsInOrder() {
    var image =
        new LabeledImages(
            new ImageShape(2, 3, 2),
            1,
            new byte[] {1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16},
            new int[1]);
    byte[] batch =
        fill(image, new Augmentation(0, Flip.RANDOM), new int[] {0}, 0, 1, 0, new Answers(1));
    assertThat(batch).containsExactly(5, 6, 3, 4, 1, 2, 15, 16, 13, 14, 11, 12);
  }

  @Test
  void mirrorsAfterTheCrop() {
    byte[] batch =
        fill(
            digits(),
            new Augmentation(1, Flip.RANDOM),
            new int[] {0},
            0,
            1,
            0,
            new Answers(1, 2, 1));
    assertThat(batch).isEqualTo(digits("032 065 098"));
  }

  /** 1,000 flips are 500 with a deviation of 16. */
  @Test
  void flipsHalfOfTheImagesAtRandom() {
    LabeledImages many = images(1000);
    boolean[] flipped = flipped(many, Flip.RANDOM, 0, new Random(1));
    assertThat(count(flipped)).isBetween(420, 580);
    assertThat(flipped(many, Flip.RANDOM, 0, new Random(2))).isNotEqualTo(flipped);
  }

  /** The golden-ratio hash spreads more evenly than chance: 500 within a few. */
  @Test
  void flipsEachImageInExactlyOneOfTwoEpochsWhenAlternating() {
    LabeledImages many = images(1000);
    boolean[] even = flipped(many, Flip.ALTERNATING, 0, NONE);
    boolean[] odd = flipped(many, Flip.ALTERNATING, 1, NONE);
    for (int i = 0; i < even.length; i++) {
      assertThat(even[i]).isNotEqualTo(odd[i]);
    }
    assertThat(count(even)).isBetween(480, 520);
    assertThat(flipped(many, Flip.ALTERNATING, 2, NONE)).isEqualTo(even);
  }

  @Test
  void choosesAlternatingFlipsByTheImageNotByItsPlaceInTheBatch() {
    LabeledImages many = images(100);
    int[] reversed = IntStream.range(0, 100).map(i -> 99 - i).toArray();
    byte[] batch = fill(many, new Augmentation(0, Flip.ALTERNATING), reversed, 0, 100, 0, NONE);
    boolean[] flipped = flipped(many, Flip.ALTERNATING, 0, NONE);
    for (int i = 0; i < 100; i++) {
      assertThat(batch[2 * i] == 9).isEqualTo(flipped[99 - i]);
    }
  }

  /** Images of two pixels, black and nine. */
  private static LabeledImages images(int count) {
    byte[] pixels = new byte[2 * count];
    for (int i = 0; i < count; i++) {
      pixels[2 * i + 1] = 9;
    }
    return new LabeledImages(new ImageShape(1, 2, 1), 1, pixels, new int[count]);
  }

  private static boolean[] flipped(
      LabeledImages images, Flip flip, int epoch, RandomGenerator random) {
    int[] order = IntStream.range(0, images.size()).toArray();
    byte[] batch = fill(images, new Augmentation(0, flip), order, 0, order.length, epoch, random);
    boolean[] flipped = new boolean[images.size()];
    for (int i = 0; i < flipped.length; i++) {
      flipped[i] = batch[2 * i] == 9;
    }
    return flipped;
  }

  private static int count(boolean[] flags) {
    return (int) IntStream.range(0, flags.length).filter(i -> flags[i]).count();
  }

  private static LabeledImages digits() {
    return new LabeledImages(THREE, 1, digits("123 456 789"), new int[1]);
  }

  private static byte[] digits(String rows) {
    return bytes(rows.replace(" ", "").chars().map(digit -> digit - '0').toArray());
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static byte[] fill(
      LabeledImages images,
      Augmentation augmentation,
      int[] order,
      int from,
      int to,
      int epoch,
      RandomGenerator random) {
    ByteBuffer batch = ByteBuffer.allocate((to - from) * images.shape().size());
    new AugmentedBatches(images, augmentation).fill(batch, order, from, to, epoch, random);
    assertThat(batch.hasRemaining()).isFalse();
    return batch.array();
  }

  /** Gives those numbers for bounded draws, and whether they are positive for yes or no. */
  private static final class Answers implements RandomGenerator {
    private final int[] answers;
    private int next;

    Answers(int... answers) {
      this.answers = answers;
    }

    @Override
    public int nextInt(int bound) {
      assertThat(answers[next]).isLessThan(bound);
      return answers[next++];
    }

    @Override
    public boolean nextBoolean() {
      return answers[next++] > 0;
    }

    @Override
    public long nextLong() {
      throw new AssertionError("no such draw was expected");
    }
  }
}
