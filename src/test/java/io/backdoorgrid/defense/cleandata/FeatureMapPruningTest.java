package io.backdoorgrid.defense.cleandata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.defense.Findings;
import io.backdoorgrid.defense.GivenImages;
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
class FeatureMapPruningTest {

  private static final LabeledImages CLEAN = TintedBackdoor.clean(60, 1);

  private static FeatureMapPruning fmp(Map<String, Object> given) {
    var parameters = new HashMap<>(given);
    parameters.putIfAbsent("share", 4);
    parameters.putIfAbsent("batch", 10);
    parameters.putIfAbsent("epochs", 2);
    parameters.putIfAbsent("crop", 0);
    return (FeatureMapPruning) Defenses.REGISTRY.create(new Spec("fmp", 1, parameters));
  }

  @Test
  void takesTheLowestAccuracyThenTheHighestLossThenTheFirst() {
    float[] accuracies = {0.5f, 0.2f, 0.2f, 0.2f};
    float[] losses = {9, 1, 3, 3};
    assertThat(FeatureMapPruning.worst(accuracies, losses, 3)).containsExactly(2, 3, 1);
    assertThat(FeatureMapPruning.worst(accuracies, losses, 0)).isEmpty();
  }

  /**
   * A step of the trigger's map brightens all colors at once, which opens it at 0.5 up; steps of
   * the others move one color each.
   */
  @Test
  void prunesTheMapWhoseChangeCostsMostAndKeepsItPruned() {
    var given = new GivenImages(CLEAN, "a1");
    try (Classifier victim = TintedBackdoor.victim().build();
        Classifier repaired = victim.copy()) {
      fmp(Map.of("eps", 0.7, "start", 0.01)).repair(repaired, given);
      assertThat(given.findings().channels())
          .extracting(Findings.Channel::channel)
          .containsExactly(TintedBackdoor.NEURON);
      Map<String, float[]> values = Classifiers.values(repaired);
      assertThat(values.get("norm.weight")[TintedBackdoor.NEURON]).isZero();
      for (int i = 0; i < 3; i++) {
        assertThat(values.get("conv.weight")[3 * TintedBackdoor.NEURON + i]).isZero();
      }
      assertThat(values.get("conv.weight")[0]).isNotZero();
      assertThat(TintedBackdoor.attackSuccess(repaired)).isZero();
      assertThat(TintedBackdoor.accuracy(repaired)).isEqualTo(1);
    }
  }

  @Test
  void layersOfFewerMapsThanTheShareStayWhole() {
    var given = new GivenImages(CLEAN, "a1");
    try (Classifier repaired = TintedBackdoor.victim().build()) {
      fmp(Map.of("share", 5, "epochs", 1)).repair(repaired, given);
      assertThat(given.findings().counts()).containsEntry("pruned-channels", 0L);
    }
  }

  @Test
  void refusesImpossibleValues() {
    assertThatThrownBy(() -> fmp(Map.of("share", 0))).hasMessage("share must be at least 1, got 0");
    assertThatThrownBy(() -> fmp(Map.of("images", 0)))
        .hasMessage("images must be at least 1, got 0");
  }
}
