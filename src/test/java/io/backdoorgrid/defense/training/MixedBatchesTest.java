package io.backdoorgrid.defense.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.data.batch.Augmentation.Flip;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** On images of two pixels: (10, 11), (20, 21) and so on with labels, (110, 111) on without. */
class MixedBatchesTest {

  private static final ImageShape SHAPE = new ImageShape(1, 2, 1);

  @Test
  void putsLabelledImagesThenOthersThenThoseVaried() {
    var batches = new MixedBatches(images(0, 2, 1, 0), images(100, 0, 0, 0), flips());
    // Positions 2 and 0; of the labeled images the second is mirrored, of the others the first.
    byte[] batch = fill(batches, new int[] {1, 2, 0}, 1, 3, answers(false, true, true, false));
    assertThat(batch)
        .containsExactly(30, 31, 11, 10, /* plain */ 130, 131, 110, 111, 131, 130, 110, 111);
    assertThat(batches.labels(new int[] {1, 2, 0}, 1, 3)).containsExactly(0, 2);
    assertThat(batches.bytes(5)).isEqualTo(5 * 3 * 2);
  }

  /** Two with labels, five without: 4, 0 and 3 are labeled images 0, 0 and 1. */
  @Test
  void goesAroundTheLabelledImagesIfThereAreFewer() {
    var batches = new MixedBatches(images(0, 2, 1), images(100, 0, 0, 0, 0, 0), Augmentation.NONE);
    assertThat(batches.size()).isEqualTo(5);
    int[] order = {4, 0, 3};
    assertThat(fill(batches, order, 0, 3, answers()))
        .containsExactly(
            10, 11, 10, 11, 20, 21, /* plain */ 150 - 256, 151 - 256, 110, 111, 140 - 256,
            141 - 256, /* varied */ 150 - 256, 151 - 256, 110, 111, 140 - 256, 141 - 256);
    assertThat(batches.labels(order, 0, 3)).containsExactly(2, 2, 1);
  }

  /** Four with labels, one without. */
  @Test
  void goesAroundTheOthersIfThereAreFewer() {
    var batches = new MixedBatches(images(0, 0, 1, 2, 0), images(100, 0), Augmentation.NONE);
    assertThat(batches.size()).isEqualTo(4);
    assertThat(fill(batches, new int[] {3, 1}, 0, 2, answers()))
        .containsExactly(40, 41, 20, 21, 110, 111, 110, 111, 110, 111, 110, 111);
  }

  @Test
  void hasOnePartWhereAllImagesHaveLabels() {
    var batches = new MixedBatches(images(0, 2, 1, 0), images(100), flips());
    assertThat(batches.size()).isEqualTo(3);
    assertThat(batches.bytes(2)).isEqualTo(4);
    assertThat(fill(batches, new int[] {2, 0, 1}, 0, 2, answers(true, false)))
        .containsExactly(31, 30, 10, 11);
    assertThat(batches.labels(new int[] {2, 0, 1}, 0, 2)).containsExactly(0, 2);
  }

  /** Shifted by one pixel to the right, the first pixel is black; plain images stay. */
  @Test
  void cropsWhatIsVaried() {
    var batches = new MixedBatches(images(0, 2), images(100, 0), new Augmentation(1, Flip.NONE));
    // Of the shifts -1 to 1, down and right: 0 is -1, 1 is none.
    assertThat(fill(batches, new int[] {0}, 0, 1, shifts(1, 0, 1, 0)))
        .containsExactly(0, 10, 110, 111, 0, 110);
  }

  private static Augmentation flips() {
    return new Augmentation(0, Flip.RANDOM);
  }

  private static LabeledImages images(int base, int... labels) {
    byte[] pixels = new byte[2 * labels.length];
    for (int i = 0; i < labels.length; i++) {
      pixels[2 * i] = (byte) (base + 10 * (i + 1));
      pixels[2 * i + 1] = (byte) (base + 10 * (i + 1) + 1);
    }
    return new LabeledImages(SHAPE, 3, pixels, labels);
  }

  private static byte[] fill(
      MixedBatches batches, int[] order, int from, int to, RandomGenerator random) {
    ByteBuffer target = ByteBuffer.allocate(batches.bytes(to - from));
    batches.fill(target, order, from, to, 0, random);
    assertThat(target.hasRemaining()).isFalse();
    return target.array();
  }

  private static RandomGenerator answers(boolean... flips) {
    return new Answers(flips, new int[0]);
  }

  private static RandomGenerator shifts(int... shifts) {
    return new Answers(new boolean[0], shifts);
  }

  /** Gives those answers in turn, and no others. */
  private static final class Answers implements RandomGenerator {
    private final boolean[] flips;
    private final int[] shifts;
    private int next;

    Answers(boolean[] flips, int[] shifts) {
      this.flips = flips;
      this.shifts = shifts;
    }

    @Override
    public boolean nextBoolean() {
      return flips[next++];
    }

    @Override
    public int nextInt(int bound) {
      return shifts[next++];
    }

    @Override
    public long nextLong() {
      throw new AssertionError("no such draw was expected");
    }
  }
}
