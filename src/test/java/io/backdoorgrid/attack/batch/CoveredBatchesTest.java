package io.backdoorgrid.attack.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.training.AppendedBatchesTest;
import io.backdoorgrid.attack.trigger.Overlay;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The trigger turns pixels to 200, the cover to 7; images are uniformly 100. */
class CoveredBatchesTest {

  private static final ImageShape PIXEL = new ImageShape(1, 1, 1);
  private static final Goal TO_ZERO = new Goal(LabelStrategy.ALL_TO_ONE, 0);
  private static final int[] ORDER = IntStream.range(0, 100).toArray();

  private final LabeledImages images = uniform();

  @Test
  void putsTriggeredImagesFirstAndThenTheCover() {
    CoveredBatches batches = batches(0.1, 0.2);
    assertThat(fill(batches, 0, 20))
        .containsExactly(
            200, 200, 7, 7, 7, 7, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100,
            100);
    assertThat(batches.labels(ORDER, 0, 20)).startsWith(0, 0, 3, 3, 3, 3, 3).hasSize(20);
  }

  /** A tenth of batches of 7: one image in most of them, ten in all 100. */
  @Test
  void hasExactlyTheRateOverAnEpoch() {
    CoveredBatches batches = batches(0.1, 0.25);
    int triggered = 0;
    int covers = 0;
    for (int from = 0; from < 100; from += 7) {
      int to = Math.min(100, from + 7);
      long wanted = Arrays.stream(batches.labels(ORDER, from, to)).filter(l -> l == 0).count();
      int before = triggered;
      for (int value : fill(batches, from, to)) {
        triggered += value == 200 ? 1 : 0;
        covers += value == 7 ? 1 : 0;
      }
      assertThat(triggered - before).as("labels fit").isEqualTo((int) wanted);
    }
    assertThat(triggered).isEqualTo(10);
    assertThat(covers).isEqualTo(25);
  }

  /** Other than in {@link AppendedBatchesTest}: a mirrored image has its trigger on the right. */
  @Test
  void augmentsWhatHasTheTrigger() {
    var pair = new ImageShape(1, 2, 1);
    byte[] pixels = new byte[200];
    Arrays.fill(pixels, (byte) 100);
    var batches =
        new CoveredBatches(
            new LabeledImages(pair, 10, pixels, new int[100]),
            new Overlay(pair, new float[] {1, 0}, new float[] {200, 0}),
            TO_ZERO,
            1,
            0,
            (image, offset, random) -> {},
            new Augmentation(0, Augmentation.Flip.ALTERNATING));
    ByteBuffer target = ByteBuffer.allocate(batches.bytes(100));
    batches.fill(target, ORDER, 0, 100, 0, new Seed("a1").stream("batches"));
    int mirrored = 0;
    for (int i = 0; i < 100; i++) {
      int left = target.get(2 * i) & 0xFF;
      int right = target.get(2 * i + 1) & 0xFF;
      assertThat(left + right).isEqualTo(300);
      mirrored += right == 200 ? 1 : 0;
    }
    assertThat(mirrored).isBetween(20, 80);
  }

  @Test
  void leavesTheImagesThemselvesAlone() {
    String digest = images.digest();
    fill(batches(0.5, 0.5), 0, 100);
    assertThat(images.digest()).isEqualTo(digest);
  }

  @Test
  void refusesMoreThanAllImages() {
    assertThatThrownBy(() -> batches(0.5, 0.6))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("poison-rate 0.5 and a cover share of 0.6 are more than all images");
  }

  private CoveredBatches batches(double rate, double coverRate) {
    return new CoveredBatches(
        images,
        new Overlay(PIXEL, new float[] {1}, new float[] {200}),
        TO_ZERO,
        rate,
        coverRate,
        (pixels, offset, random) -> pixels[offset] = 7,
        Augmentation.NONE);
  }

  private static int[] fill(CoveredBatches batches, int from, int to) {
    ByteBuffer target = ByteBuffer.allocate(batches.bytes(to - from));
    batches.fill(target, ORDER, from, to, 0, new Seed("a1").stream("batches"));
    assertThat(target.hasRemaining()).isFalse();
    int[] values = new int[to - from];
    for (int i = 0; i < values.length; i++) {
      values[i] = target.get(i) & 0xFF;
    }
    return values;
  }

  private static LabeledImages uniform() {
    byte[] pixels = new byte[100];
    int[] labels = new int[100];
    Arrays.fill(pixels, (byte) 100);
    Arrays.fill(labels, 3);
    return new LabeledImages(PIXEL, 10, pixels, labels);
  }
}
