package io.backdoorgrid.defense.cleandata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.data.LabeledImages;
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
class AdversarialPruningTest {

  private static final LabeledImages CLEAN = TintedBackdoor.clean(40, 1);

  private static AdversarialPruning anp(Map<String, Object> given) {
    var parameters = new HashMap<>(given);
    parameters.putIfAbsent("batch", 16);
    parameters.putIfAbsent("iterations", 400);
    parameters.putIfAbsent("learning-rate", 0.01);
    return (AdversarialPruning) Defenses.REGISTRY.create(new Spec("anp", 1, parameters));
  }

  private static GivenImages repair(AdversarialPruning anp, Classifier network, String seed) {
    var given = new GivenImages(CLEAN, seed);
    anp.repair(network, given);
    return given;
  }

  /**
   * Noise that reaches -1 takes beta away and so opens the silent neuron; only its mask keeps the
   * loss low then.
   */
  @Test
  void prunesTheNeuronThatNoiseTurnsOn() {
    try (Classifier victim = TintedBackdoor.trained().build();
        Classifier repaired = victim.copy()) {
      assertThat(TintedBackdoor.accuracy(victim)).isEqualTo(1);
      assertThat(TintedBackdoor.attackSuccess(victim)).isEqualTo(1);
      Findings findings = repair(anp(Map.of("eps", 1, "clipped", true)), repaired, "a1").findings();
      assertThat(findings.channels())
          .extracting(Findings.Channel::channel)
          .containsExactly(TintedBackdoor.NEURON);
      assertThat(TintedBackdoor.attackSuccess(repaired)).isZero();
      assertThat(TintedBackdoor.accuracy(repaired)).isEqualTo(1);
      Map<String, float[]> expected = Classifiers.values(victim);
      expected.get("norm.weight")[TintedBackdoor.NEURON] = 0;
      Invariants.assertEqual(Classifiers.values(repaired), expected);
    }
  }

  @Test
  void theThresholdCanFollowFromHeldOutImages() {
    try (Classifier repaired = TintedBackdoor.trained().build()) {
      Findings findings =
          repair(anp(Map.of("eps", 1, "clipped", true, "drop", 0.1)), repaired, "a1").findings();
      assertThat(findings.counts().get("pruned-channels")).isPositive();
      assertThat(TintedBackdoor.attackSuccess(repaired)).isZero();
      assertThat(TintedBackdoor.accuracy(repaired)).isGreaterThanOrEqualTo(0.9);
    }
  }

  @Test
  void givesTheSameMasksForTheSameSeed() {
    try (Classifier first = TintedBackdoor.trained().build();
        Classifier second = TintedBackdoor.trained().build()) {
      AdversarialPruning all = anp(Map.of("threshold", 1, "iterations", 5));
      assertThat(repair(all, first, "a1").findings().channels())
          .isEqualTo(repair(all, second, "a1").findings().channels());
    }
  }

  @Test
  void masksStayOneWithoutARate() {
    try (Classifier victim = TintedBackdoor.trained().build();
        Classifier repaired = victim.copy()) {
      repair(
          anp(Map.of("learning-rate", 1e-12, "iterations", 3, "threshold", 0.99)), repaired, "a1");
      Invariants.assertEqual(Classifiers.values(repaired), Classifiers.values(victim));
    }
  }

  @Test
  void aNegativeThresholdPrunesNothing() {
    try (Classifier victim = TintedBackdoor.trained().build();
        Classifier repaired = victim.copy()) {
      repair(anp(Map.of("threshold", -1, "iterations", 3)), repaired, "a1");
      Invariants.assertEqual(Classifiers.values(repaired), Classifiers.values(victim));
    }
  }

  @Test
  void refusesImpossibleValues() {
    assertThatThrownBy(() -> anp(Map.of("alpha", 2))).hasMessageStartingWith("alpha must be");
    assertThatThrownBy(() -> anp(Map.of("eps", -1)))
        .hasMessage("eps must not be negative, got -1.0");
    try (Classifier plain = TintedBackdoor.victim().withoutBatchNorm().build()) {
      assertThatThrownBy(() -> repair(anp(Map.of()), plain, "a1"))
          .hasMessage("anp needs a batch-norm behind a convolution, and finds none");
    }
  }
}
