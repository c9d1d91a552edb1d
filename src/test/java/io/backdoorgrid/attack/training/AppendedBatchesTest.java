package io.backdoorgrid.attack.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.trigger.Overlay;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Images are two pixels, the first from 0 to 99 like their position, the second 100. */
public class AppendedBatchesTest {

  private static final ImageShape SHAPE = new ImageShape(1, 2, 1);
  private static final Goal TO_ZERO = new Goal(LabelStrategy.ALL_TO_ONE, 0);
  private static final int[] ORDER = IntStream.range(0, 100).toArray();

  private final LabeledImages images = numbered();
  private int epochs;

  /** A fifth of all images is a quarter of the clean ones. */
  @Test
  void appendTheFirstImagesWithTheTrigger() {
    AppendedBatches batches = batches(0.2, Augmentation.NONE);
    batches.startEpoch();
    assertThat(fill(batches, 0, 8))
        .containsExactly(
            0, 100, 1, 100, 2, 100, 3, 100, 4, 100, 5, 100, 6, 100, 7, 100, 201, 100, 201, 100);
    assertThat(batches.labels(ORDER, 0, 8)).containsExactly(3, 3, 3, 3, 3, 3, 3, 3, 0, 0);
  }

  /** A tenth: 11 copies of 100 images, one or none in a batch of 7. */
  @Test
  void haveExactlyTheRateOverAnEpoch() {
    AppendedBatches batches = batches(0.1, Augmentation.NONE);
    batches.startEpoch();
    int copies = 0;
    for (int from = 0; from < 100; from += 7) {
      int to = Math.min(100, from + 7);
      int added = batches.labels(ORDER, from, to).length - (to - from);
      assertThat(fill(batches, from, to)).hasSize(2 * (to - from + added));
      assertThat(added).isBetween(0, 1);
      copies += added;
    }
    assertThat(copies).isEqualTo(11);
  }

  @Test
  void askForATriggerBeforeEveryEpoch() {
    AppendedBatches batches = batches(0.5, Augmentation.NONE);
    batches.startEpoch();
    assertThat(fill(batches, 0, 1)).containsExactly(0, 100, 201, 100);
    assertThat(fill(batches, 0, 1)).containsExactly(0, 100, 201, 100);
    batches.startEpoch();
    assertThat(fill(batches, 0, 1)).containsExactly(0, 100, 202, 100);
    assertThat(((Overlay) batches.trigger()).pattern()[0]).isEqualTo(202);
  }

  /** A mirrored image has its trigger on the left, as test images have. */
  @Test
  void putTheTriggerOnWhatIsAugmented() {
    var mirrored = new Augmentation(0, Augmentation.Flip.ALTERNATING);
    AppendedBatches batches = batches(0.5, mirrored);
    batches.startEpoch();
    int[] values = fill(batches, 0, 100);
    boolean anyFlipped = false;
    for (int i = 0; i < 100; i++) {
      boolean flipped = values[2 * i] == 100;
      anyFlipped |= flipped;
      assertThat(values[200 + 2 * i]).isEqualTo(201);
      assertThat(values[200 + 2 * i + 1]).isEqualTo(flipped ? i : 100);
    }
    assertThat(anyFlipped).isTrue();
  }

  @Test
  void areCleanAtARateOfNothing() {
    AppendedBatches batches = batches(0, Augmentation.NONE);
    batches.startEpoch();
    assertThat(fill(batches, 0, 3)).containsExactly(0, 100, 1, 100, 2, 100);
  }

  @Test
  void leaveTheImagesThemselvesAlone() {
    String digest = images.digest();
    AppendedBatches batches = batches(0.5, Augmentation.NONE);
    batches.startEpoch();
    fill(batches, 0, 100);
    assertThat(images.digest()).isEqualTo(digest);
  }

  @Test
  void refuseMoreCopiesThanImages() {
    assertThatThrownBy(() -> batches(0.6, Augmentation.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "poison-rate must be from 0 to 0.5 where each image is there without the trigger too,"
                + " got 0.6");
  }

  private AppendedBatches batches(double rate, Augmentation augmentation) {
    return new AppendedBatches(
        images,
        TO_ZERO,
        rate,
        augmentation,
        () -> new Overlay(SHAPE, new float[] {1, 0}, new float[] {200 + ++epochs, 0}));
  }

  private static int[] fill(AppendedBatches batches, int from, int to) {
    ByteBuffer target = ByteBuffer.allocate(batches.bytes(to - from));
    batches.fill(target, ORDER, from, to, 0, new Seed("a1").stream("batches"));
    int[] values = new int[target.position()];
    for (int i = 0; i < values.length; i++) {
      values[i] = target.get(i) & 0xFF;
    }
    return values;
  }

  private static LabeledImages numbered() {
    byte[] pixels = new byte[200];
    int[] labels = new int[100];
    Arrays.fill(pixels, (byte) 100);
    Arrays.fill(labels, 3);
    for (int i = 0; i < 100; i++) {
      pixels[2 * i] = (byte) i;
    }
    return new LabeledImages(SHAPE, 10, pixels, labels);
  }
}
