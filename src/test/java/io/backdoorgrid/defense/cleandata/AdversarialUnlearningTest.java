package io.backdoorgrid.defense.cleandata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.defense.GivenImages;
import io.backdoorgrid.defense.Invariants;
import io.backdoorgrid.defense.TintedBackdoor;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(TorchThread.class)
class AdversarialUnlearningTest {

  private static final LabeledImages CLEAN = TintedBackdoor.clean(60, 1);

  private static AdversarialUnlearning ibau(Map<String, Object> given) {
    var parameters = new HashMap<>(given);
    parameters.putIfAbsent("batch", 20);
    parameters.putIfAbsent("learning-rate", 0.02);
    return (AdversarialUnlearning) Defenses.REGISTRY.create(new Spec("ibau", 1, parameters));
  }

  private static GivenImages repair(AdversarialUnlearning ibau, Classifier network) {
    var given = new GivenImages(CLEAN, "a1");
    ibau.repair(network, given);
    return given;
  }

  /**
   * Inner loss d^2 - t d at t = 1, outer (d - 3)^2 / 2 at the best d = 0.5: H = 2, gradient -2.5;
   * the limit is -2.5 / (0.1 * 2).
   */
  @ParameterizedTest
  @CsvSource({"0, 0", "1, -2.5", "5, -8.404", "50, -12.49982"})
  void iteratesToTheInverseHessianTimesTheGradient(int products, float expected) {
    try (NDManager manager = Torch.newManager(Device.cpu())) {
      assertThat(
              ibau(Map.of("products", products))
                  .fixedPoint(manager.create(-2.5f), v -> v.mul(2))
                  .getFloat())
          .isCloseTo(expected, within(1e-4f));
    }
  }

  /**
   * A change that misleads brightens images, which opens the trigger's neuron. At other rates the
   * small network loses one of its three classes with the backdoor, hence the low bound.
   */
  @Test
  void unlearnsWhatOneChangeToAllImagesFinds() {
    try (Classifier victim = TintedBackdoor.victim().build();
        Classifier repaired = victim.copy()) {
      GivenImages given =
          repair(ibau(Map.of("batch", 6, "patched", 0.2, "penalty", 0.02)), repaired);
      assertThat(TintedBackdoor.attackSuccess(victim)).isEqualTo(1);
      assertThat(TintedBackdoor.attackSuccess(repaired)).isLessThan(0.2);
      assertThat(TintedBackdoor.accuracy(repaired)).isGreaterThan(0.6);
      assertThat(given.findings().points()).hasSize(5);
      assertThat(given.findings().points().get(0).value()).isPositive();
    }
  }

  @Test
  void batchNormStatisticsStay() {
    try (Classifier victim = TintedBackdoor.victim().build();
        Classifier repaired = victim.copy()) {
      repair(ibau(Map.of("rounds", 1)), repaired);
      Map<String, float[]> before = Classifiers.values(victim);
      Map<String, float[]> after = Classifiers.values(repaired);
      assertThat(after.get("norm.running_mean")).isEqualTo(before.get("norm.running_mean"));
      assertThat(after.get("norm.running_var")).isEqualTo(before.get("norm.running_var"));
      assertThat(after.get("linear.weight")).isNotEqualTo(before.get("linear.weight"));
    }
  }

  @Test
  void theDependenceOfTheChangeCounts() {
    try (Classifier with = TintedBackdoor.victim().build();
        Classifier without = TintedBackdoor.victim().build();
        Classifier again = TintedBackdoor.victim().build()) {
      repair(ibau(Map.of("rounds", 1)), with);
      repair(ibau(Map.of("rounds", 1)), again);
      repair(ibau(Map.of("rounds", 1, "products", 0)), without);
      Invariants.assertEqual(Classifiers.values(again), Classifiers.values(with));
      assertThat(Classifiers.values(without).get("linear.weight"))
          .isNotEqualTo(Classifiers.values(with).get("linear.weight"));
    }
  }

  @Test
  void refusesImpossibleValues() {
    assertThatThrownBy(() -> ibau(Map.of("rounds", 0)))
        .hasMessage("rounds must be at least 1, got 0");
    assertThatThrownBy(() -> ibau(Map.of("products", -1)))
        .hasMessage("products must not be negative, got -1");
  }
}
