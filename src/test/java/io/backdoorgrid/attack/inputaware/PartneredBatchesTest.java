package io.backdoorgrid.attack.inputaware;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Images of one byte, which is their position; all are of class 3. */
class PartneredBatchesTest {

  private static final int COUNT = 100;
  private static final int[] ORDER = IntStream.range(0, COUNT).map(i -> COUNT - 1 - i).toArray();

  @Test
  void bringAPartnerForEachImageThatIsToBeTriggered() {
    PartneredBatches batches = batches(0.2);
    int[] values = fill(batches, 0, 10);
    assertThat(values).hasSize(12).startsWith(99, 98, 97, 96, 95, 94, 93, 92, 91, 90);
    assertThat(batches.labels(ORDER, 0, 10)).containsExactly(0, 0, 3, 3, 3, 3, 3, 3, 3, 3);
  }

  /** A twentieth of batches of 8, the last of 4: none, one or at most one too many. */
  @Test
  void haveExactlyTheRateOverAnEpoch() {
    PartneredBatches batches = batches(0.05);
    int sum = 0;
    for (int from = 0; from < COUNT; from += 8) {
      int to = Math.min(COUNT, from + 8);
      int partners = fill(batches, from, to).length - (to - from);
      long wanted = Arrays.stream(batches.labels(ORDER, from, to)).filter(l -> l == 0).count();
      assertThat(partners).isEqualTo((int) wanted).isBetween(0, 1);
      sum += partners;
    }
    assertThat(sum).isEqualTo(5);
  }

  /** As the benchmarks' 12 of 128, rounded instead of cut off. */
  @Test
  void triggerATenthOfABatch() {
    LabeledImages images =
        new LabeledImages(new ImageShape(1, 1, 1), 10, new byte[256], new int[256]);
    var batches =
        new PartneredBatches(images, new Goal(LabelStrategy.ALL_TO_ALL, 0), 0.1, Augmentation.NONE);
    int[] order = IntStream.range(0, 256).toArray();
    assertThat(batches.labels(order, 0, 128)).startsWith(1, 1).contains(0);
    assertThat(Arrays.stream(batches.labels(order, 0, 128)).sum()).isEqualTo(13);
    assertThat(Arrays.stream(batches.labels(order, 128, 256)).sum()).isEqualTo(13);
  }

  @Test
  void drawPartnersFromAllImages() {
    int[] values = fill(batches(1), 0, COUNT);
    int[] partners = Arrays.copyOfRange(values, COUNT, 2 * COUNT);
    assertThat(Arrays.stream(partners).distinct().count()).isBetween(50L, 80L);
    assertThat(Arrays.stream(partners).max().orElseThrow()).isGreaterThan(90);
    assertThat(Arrays.stream(partners).min().orElseThrow()).isLessThan(10);
  }

  private static PartneredBatches batches(double rate) {
    byte[] pixels = new byte[COUNT];
    int[] labels = new int[COUNT];
    for (int i = 0; i < COUNT; i++) {
      pixels[i] = (byte) i;
      labels[i] = 3;
    }
    return new PartneredBatches(
        new LabeledImages(new ImageShape(1, 1, 1), 10, pixels, labels),
        new Goal(LabelStrategy.ALL_TO_ONE, 0),
        rate,
        Augmentation.NONE);
  }

  private static int[] fill(PartneredBatches batches, int from, int to) {
    ByteBuffer target = ByteBuffer.allocate(batches.bytes(to - from));
    batches.fill(target, ORDER, from, to, 0, new Seed("a1").stream("batches"));
    int[] values = new int[target.position()];
    for (int i = 0; i < values.length; i++) {
      values[i] = target.get(i) & 0xFF;
    }
    return values;
  }
}
