package io.backdoorgrid.defense.cleanse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.defense.Findings;
import io.backdoorgrid.defense.GivenImages;
import io.backdoorgrid.defense.Invariants;
import io.backdoorgrid.defense.TintedBackdoor;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.torch.TorchThread;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class NeuralCleanseTest {

  private static final LabeledImages CLEAN = TintedBackdoor.clean(60, 1);

  private static NeuralCleanse nc(Map<String, Object> given) {
    var parameters = new HashMap<>(given);
    parameters.putIfAbsent("search-batch", 20);
    parameters.putIfAbsent("search-epochs", 150);
    parameters.putIfAbsent("weight", 0.01);
    parameters.putIfAbsent("batch", 10);
    parameters.putIfAbsent("epochs", 20);
    parameters.putIfAbsent("crop", 0);
    return (NeuralCleanse) Defenses.REGISTRY.create(new Spec("nc", 1, parameters));
  }

  /** Median 63.5, median distance 2.5, MAD 3.7065; 16 lies 47.5 below. */
  @Test
  void anomaliesAreDistancesFromTheMedianInMads() {
    double[] sizes = {60, 62, 64, 66, 68, 65, 63, 61, 67, 16};
    assertThat(NeuralCleanse.anomalies(sizes)[9]).isCloseTo(12.815, within(1e-3));
    assertThat(NeuralCleanse.anomalies(sizes)[0]).isCloseTo(3.5 / 3.7065, within(1e-6));
    assertThat(NeuralCleanse.anomalies(new double[] {5, 5, 5})).containsOnly(0);
  }

  @Test
  void stampsWhatItShows() {
    var shape = new ImageShape(1, 2, 3);
    var trigger =
        new ReversedTrigger(shape, new float[] {1, 0.5f}, new float[] {1, 0, 1, 1, 1, 0}, 1);
    assertThat(trigger.size()).isEqualTo(1.5);
    LabeledImages images = ToyImages.constant(shape, 2, 100, 0, 1);
    trigger.stamp(images, 1);
    assertThat(images.pixels())
        .containsExactly(
            100,
            100,
            100,
            100,
            100,
            100, // the first image
            (byte) 255,
            0,
            (byte) 255,
            (byte) 178,
            (byte) 178,
            50);
    var again = ReversedTrigger.of(shape, trigger.toTensors());
    assertThat(again.mask()).isEqualTo(trigger.mask());
    assertThat(again.pattern()).isEqualTo(trigger.pattern());
  }

  /**
   * Less than one white pixel leads to the target, where other classes take a tint over half the
   * image. The trigger's neuron opens at sums of 2.3 here, which the first patch reaches.
   */
  @Test
  void findsTheTargetByItsSmallTriggerAndUnlearnsIt() {
    var given = new GivenImages(CLEAN, "a1");
    try (Classifier victim = TintedBackdoor.victim().beta(0, 0, 0, -46).build();
        Classifier repaired = victim.copy()) {
      nc(Map.of("index", 0.5)).repair(repaired, given);
      Findings findings = given.findings();
      assertThat(findings.verdict()).contains(true);
      assertThat(findings.classes())
          .filteredOn(Findings.ScoredClass::suspected)
          .extracting(Findings.ScoredClass::label)
          .containsExactly(TintedBackdoor.TARGET);
      assertThat(findings.pictures()).containsKeys("trigger-of-class-1", "mask-of-class-1");
      assertThat(TintedBackdoor.attackSuccess(repaired)).isLessThan(0.2);
      assertThat(TintedBackdoor.accuracy(repaired)).isGreaterThan(0.9);
    }
  }

  @Test
  void leavesANetworkAloneIfNothingIsSuspected() {
    var given = new GivenImages(CLEAN, "a1");
    try (Classifier victim = TintedBackdoor.victim().build();
        Classifier repaired = victim.copy()) {
      nc(Map.of("index", 1e9, "search-epochs", 3)).repair(repaired, given);
      assertThat(given.findings().verdict()).contains(false);
      assertThat(given.findings().classes()).hasSize(3);
      Invariants.assertEqual(Classifiers.values(repaired), Classifiers.values(victim));
    }
  }

  @Test
  void refusesImpossibleValues() {
    assertThatThrownBy(() -> nc(Map.of("multiplier", 1)))
        .hasMessage("multiplier must be above 1, got 1.0");
    assertThatThrownBy(() -> nc(Map.of("index", 0))).hasMessage("index must be positive, got 0.0");
  }
}
