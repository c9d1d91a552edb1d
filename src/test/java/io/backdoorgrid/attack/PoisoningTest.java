package io.backdoorgrid.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.poisoning.BadNets;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoisoningTest {

  private static final ImageShape SHAPE = new ImageShape(4, 4, 1);
  private static final Goal TO_ZERO = new Goal(LabelStrategy.ALL_TO_ONE, 0);
  private static final Trigger TRIGGER = new BadNets().trigger(SHAPE, null);

  private final LabeledImages clean = ToyImages.random(SHAPE, 10, 45, 1);

  /** 4.5 rounds up, 2.25 down. */
  @ParameterizedTest
  @CsvSource({"0, 0", "0.05, 2", "0.1, 5", "1, 45"})
  void poisonsTheRoundedShare(double rate, int count) {
    Poisoning poisoning = poison(TO_ZERO, rate, "a1");
    assertThat(poisoning.poisoned()).hasSize(count).isSorted().doesNotHaveDuplicates();
    assertThat(Poisoning.count(clean.labels(), TO_ZERO, rate)).isEqualTo(count);
  }

  @Test
  void changesPoisonedImagesAndNoOthers() {
    Poisoning poisoning = poison(TO_ZERO, 0.4, "a1");
    byte[] triggered = Triggered.apply(TRIGGER, clean);
    for (int i = 0; i < clean.size(); i++) {
      boolean poisoned = Arrays.binarySearch(poisoning.poisoned(), i) >= 0;
      LabeledImages image = poisoning.images().select(new int[] {i});
      assertThat(image.labels()[0]).isEqualTo(poisoned ? 0 : clean.labels()[i]);
      assertThat(image.pixels())
          .isEqualTo(
              Arrays.copyOfRange(poisoned ? triggered : clean.pixels(), 16 * i, 16 * i + 16));
    }
  }

  /** As in the benchmarks, the draw is from all images. */
  @Test
  void putsTheTriggerOnImagesOfTheTargetClassToo() {
    Poisoning poisoning = poison(TO_ZERO, 1, "a1");
    assertThat(poisoning.images().labels()).containsOnly(0);
    assertThat(poisoning.images().pixels()).isEqualTo(Triggered.apply(TRIGGER, clean));
  }

  @Test
  void sendsEachClassToTheNext() {
    Poisoning poisoning = poison(new Goal(LabelStrategy.ALL_TO_ALL, 0), 1, "a1");
    for (int i = 0; i < clean.size(); i++) {
      assertThat(poisoning.images().labels()[i]).isEqualTo((clean.labels()[i] + 1) % 10);
    }
  }

  /** 45 random images of 10 classes; a tenth of all rounds to 5. */
  @Test
  void poisonsOnlyTheTargetClassWhereLabelsStayTrue() {
    int target = mostFrequent();
    Poisoning poisoning = poison(new Goal(LabelStrategy.CLEAN_LABEL, target), 0.1, "a1");
    assertThat(poisoning.poisoned()).hasSize(5);
    assertThat(Arrays.stream(poisoning.poisoned()).map(i -> clean.labels()[i]))
        .containsOnly(target);
    assertThat(poisoning.images().labels()).isEqualTo(clean.labels());
    assertThat(poisoning.images().digest()).isNotEqualTo(clean.digest());
  }

  @Test
  void refusesACleanLabelRateBeyondTheTargetClass() {
    int target = mostFrequent();
    assertThatThrownBy(() -> poison(new Goal(LabelStrategy.CLEAN_LABEL, target), 0.9, "a1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "poison-rate 0.9 means 41 images, but class %d has only %d",
            target, clean.countByClass()[target]);
  }

  /** What a random hold-out can do to a class that is to be poisoned as a whole. */
  @Test
  void poisonsTheWholeClassWhereChanceLeftItAFewImagesShort() {
    int target = mostFrequent();
    int size = clean.countByClass()[target];
    Poisoning poisoning =
        poison(new Goal(LabelStrategy.CLEAN_LABEL, target), (size + 2) / 45.0, "a1");
    assertThat(poisoning.poisoned())
        .isEqualTo(IntStream.range(0, 45).filter(i -> clean.labels()[i] == target).toArray());
    assertThat(
            Poisoning.count(
                clean.labels(), new Goal(LabelStrategy.CLEAN_LABEL, target), (size + 2) / 45.0))
        .isEqualTo(size);
  }

  /** 900 images of one class and 100 of the other: 100 are 5.1 deviations below 160. */
  @Test
  void refusesACleanLabelRateThatChanceDoesNotExplain() {
    int[] labels = new int[1000];
    Arrays.fill(labels, 0, 900, 1);
    var images = new LabeledImages(SHAPE, 2, new byte[1000 * SHAPE.size()], labels);
    var goal = new Goal(LabelStrategy.CLEAN_LABEL, 0);
    assertThat(poison(images, goal, 0.15).poisoned()).hasSize(100);
    assertThatThrownBy(() -> poison(images, goal, 0.16))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("poison-rate 0.16 means 160 images, but class 0 has only 100");
  }

  @Test
  void refusesToPoisonNothingWhereSomethingIsWanted() {
    var goal = new Goal(LabelStrategy.CLEAN_LABEL, 1);
    var images = new LabeledImages(SHAPE, 2, new byte[10 * SHAPE.size()], new int[10]);
    assertThat(poison(images, goal, 0).poisoned()).isEmpty();
    assertThatThrownBy(() -> poison(images, goal, 0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("poison-rate 0.1 means 1 images, but class 1 has only 0");
  }

  private static Poisoning poison(LabeledImages images, Goal goal, double rate) {
    return Poisoning.of(images, TRIGGER, goal, rate, new Seed("a1").stream("poison"));
  }

  private int mostFrequent() {
    int[] counts = clean.countByClass();
    return IntStream.range(0, 10).boxed().max(Comparator.comparing(c -> counts[c])).orElseThrow();
  }

  @Test
  void leavesTheCleanImagesAsTheyAre() {
    String digest = clean.digest();
    poison(TO_ZERO, 1, "a1");
    assertThat(clean.digest()).isEqualTo(digest);
  }

  @Test
  void poisonsTheSameImagesForTheSameSeed() {
    Poisoning poisoning = poison(TO_ZERO, 0.4, "a1");
    assertThat(poison(TO_ZERO, 0.4, "a1").poisoned()).isEqualTo(poisoning.poisoned());
    assertThat(poison(TO_ZERO, 0.4, "a1").images().digest()).isEqualTo(poisoning.images().digest());
    assertThat(poison(TO_ZERO, 0.4, "a2").poisoned()).isNotEqualTo(poisoning.poisoned());
  }

  @Test
  void refusesAnImpossibleRate() {
    assertThatThrownBy(() -> poison(TO_ZERO, 1.1, "a1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("poison-rate must be between 0 and 1, got 1.1");
  }

  @Test
  void refusesATargetThatIsNoClass() {
    assertThatThrownBy(() -> poison(new Goal(LabelStrategy.ALL_TO_ONE, 10), 0.1, "a1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("target 10 is not one of the 10 classes");
  }

  private Poisoning poison(Goal goal, double rate, String seed) {
    return Poisoning.of(clean, TRIGGER, goal, rate, new Seed(seed).stream("poison"));
  }
}
