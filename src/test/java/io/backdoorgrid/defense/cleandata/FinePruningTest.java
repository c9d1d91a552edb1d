package io.backdoorgrid.defense.cleandata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.defense.Findings;
import io.backdoorgrid.defense.GivenImages;
import io.backdoorgrid.defense.Invariants;
import io.backdoorgrid.defense.Repaired;
import io.backdoorgrid.defense.TintedBackdoor;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.torch.TorchThread;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class FinePruningTest {

  private static final LabeledImages CLEAN = TintedBackdoor.clean(40, 1);

  private static FinePruning fp(Map<String, Object> given) {
    return (FinePruning) Defenses.REGISTRY.create(new Spec("fp", 1, given));
  }

  /** Two images with features (1, 2) and (3, 1), and a last layer of rows (1, 0) and (0, 1). */
  @Test
  void prunedNeuronsLeaveTheLogitsOfTheOthers() {
    var logits =
        new PrunedLogits(new float[] {1, 2, 3, 1}, new float[] {1, 0, 0, 1}, new float[] {0, 0.5f});
    int[] labels = {1, 0};
    assertThat(logits.accuracy(labels)).as("(1, 2.5) and (3, 1.5)").isEqualTo(1);
    logits.prune(0);
    assertThat(logits.accuracy(labels)).as("(0, 2.5) and (0, 1.5)").isEqualTo(0.5);
    logits.prune(1);
    assertThat(logits.accuracy(new int[] {1, 1})).as("the biases").isEqualTo(1);
  }

  /** The neuron of the trigger is silent on clean images, and each of the others is needed. */
  @Test
  void stopsBeforeAccuracyFallsAndRemovesTheBackdoor() {
    var given = new GivenImages(CLEAN, "a1");
    try (Classifier victim = TintedBackdoor.victim().build();
        Classifier copy = victim.copy()) {
      fp(Map.of("step", 0.25, "fine-tuned", false)).repair(copy, given);
      assertThat(TintedBackdoor.attackSuccess(victim)).isEqualTo(1);
      assertThat(TintedBackdoor.attackSuccess(copy)).isZero();
      assertThat(TintedBackdoor.accuracy(copy)).isEqualTo(1);
    }
    assertThat(given.findings().counts()).containsEntry("pruned-neurons", 1L);
    assertThat(given.findings().points())
        .extracting(Findings.Point::at)
        .as("one more was tried")
        .containsExactly(1.0, 2.0);
    assertThat(given.findings().points().get(0).value()).isCloseTo(100, within(1e-9));
    assertThat(given.findings().points().get(1).value()).isLessThan(96);
  }

  @Test
  void prunedNeuronsStaySoWhileTheRestIsFineTuned() {
    FinePruning fp = fp(Map.of("ratio", 0.25, "epochs", 2, "batch", 8, "learning-rate", 0.05));
    try (Classifier victim = TintedBackdoor.victim().build();
        Classifier repaired = Repaired.by(fp, victim, CLEAN, "a1")) {
      float[] head = Classifiers.values(repaired).get("linear.weight");
      for (int row = 0; row < 3; row++) {
        assertThat(head[row * 4 + TintedBackdoor.NEURON]).isZero();
      }
      assertThat(head[0]).isNotEqualTo(1).isNotZero();
      assertThat(TintedBackdoor.accuracy(repaired)).isEqualTo(1);
      assertThat(TintedBackdoor.attackSuccess(repaired)).isZero();
    }
  }

  @Test
  void isTheIdentityIfNothingIsPrunedOrTuned() {
    FinePruning fp = fp(Map.of("ratio", 0, "fine-tuned", false));
    try (Classifier victim = TintedBackdoor.victim().build();
        Classifier repaired = Repaired.by(fp, victim, CLEAN, "a1")) {
      Invariants.assertEqual(Classifiers.values(repaired), Classifiers.values(victim));
    }
  }

  @Test
  void refusesImpossibleValues() {
    assertThatThrownBy(() -> fp(Map.of("ratio", 1.5)))
        .hasMessage("ratio must be -1 or between 0 and 1, got 1.5");
    assertThatThrownBy(() -> fp(Map.of("step", 0)))
        .hasMessage("step must be above 0 and at most 1, got 0.0");
    assertThatThrownBy(() -> fp(Map.of("validation", 1)))
        .hasMessage("validation must be above 0 and below 1, got 1.0");
  }
}
