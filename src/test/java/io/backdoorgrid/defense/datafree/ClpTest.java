package io.backdoorgrid.defense.datafree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.defense.Findings;
import io.backdoorgrid.defense.Invariants;
import io.backdoorgrid.defense.OneLayer;
import io.backdoorgrid.defense.PlantedBackdoor;
import io.backdoorgrid.defense.Repaired;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.prune.Deviation;
import io.backdoorgrid.prune.Unpaired;
import io.backdoorgrid.prune.Zeroing;
import io.backdoorgrid.torch.BatchNorm2d;
import io.backdoorgrid.torch.TorchThread;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TorchThread.class)
class ClpTest {

  /** Mean 1.75; deviations 2.48747 over n = 12, 2.59808 over n - 1: z = 3.3166 and 3.1754. */
  private final OneLayer twelve = OneLayer.of(1, 1, 1, 1, 1, 10, 1, 1, 1, 1, 1, 1);

  @ParameterizedTest
  @CsvSource({"POPULATION, 3", "SAMPLE, 3", "POPULATION, 3.31", "SAMPLE, 3.17"})
  void prunesTheOutlyingChannel(Deviation deviation, double u) {
    assertThat(pruned(twelve, clp(u, deviation))).containsExactly(5);
  }

  @ParameterizedTest
  @CsvSource({"POPULATION, 3.32", "SAMPLE, 3.18"})
  void keepsAChannelWithinTheLimit(Deviation deviation, double u) {
    assertThat(pruned(twelve, clp(u, deviation))).isEmpty();
  }

  /** Ten 1s and a 10: z = root 10 = 3.1623 over n, 10 / root 11 = 3.0151 over n - 1. */
  @Test
  void tellsTheTwoDeviationsApart() {
    OneLayer eleven = OneLayer.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 10);
    assertThat(pruned(eleven, clp(3.1, Deviation.POPULATION))).containsExactly(10);
    assertThat(pruned(eleven, clp(3.1, Deviation.SAMPLE))).isEmpty();
  }

  /** No single score lies beyond root(K - 1) deviations: 3 of ten channels. */
  @Test
  void neverPrunesLayersOfTenChannelsAtThreeDeviations() {
    assertThat(pruned(OneLayer.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1e4), new Clp())).isEmpty();
  }

  /**
   * Eleven kernels have two orthogonal rows of length 3: spectral norm 3, Frobenius norm root 18.
   * The twelfth has the same Frobenius norm on rows of 4 and root 2: spectral norm 4.
   */
  @Test
  void comparesSpectralNotFrobeniusNorms() {
    float[] kernels = new float[12 * 2 * 9];
    for (int k = 0; k < 12; k++) {
      kernels[k * 18] = k == 6 ? 4 : 3; // first input, first place
      kernels[k * 18 + 9 + 1] = k == 6 ? (float) Math.sqrt(2) : 3; // second input, second place
    }
    assertThat(pruned(OneLayer.ofKernels(2, 3, kernels), new Clp())).containsExactly(6);
  }

  /** Gamma -20 behind a deviation of 2 stretches tenfold. */
  @Test
  void multipliesByTheStretchOfTheBatchNorm() {
    OneLayer victim =
        OneLayer.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
            .gamma(1, 1, 1, -20, 1, 1, 1, 1, 1, 1, 1, -2)
            .var(1, 1, 1, 4, 1, 1, 1, 1, 1, 1, 1, 4);
    assertThat(pruned(victim, clp(3.31, Deviation.POPULATION))).containsExactly(3);
    assertThat(pruned(victim, clp(3.32, Deviation.POPULATION))).isEmpty();
  }

  /** A kernel eight times as long behind an eighth of the stretch is like the others. */
  @Test
  void keepsALongKernelThatTheBatchNormShrinks() {
    OneLayer victim =
        OneLayer.of(1, 1, 1, 1, 1, 8, 1, 1, 1, 1, 1, 1)
            .gamma(1, 1, 1, 1, 1, 0.125f, 1, 1, 1, 1, 1, 1);
    assertThat(pruned(victim, clp(3, Deviation.POPULATION))).isEmpty();
  }

  /**
   * A dead channel (gamma 0) scores 0 and is never pruned, but counts: 0, ten 1s and a 10 have the
   * mean 20 / 12 and the deviation 2.5276, so z = 3.297 instead of 3.317.
   */
  @Test
  void countsDeadChannelsButNeverPrunesThem() {
    OneLayer victim =
        twelve.gamma(0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1).beta(9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    Map<String, float[]> repaired = victim.repairedBy(clp(3.29, Deviation.POPULATION));
    assertThat(Invariants.pruned(repaired)).containsExactly(5);
    assertThat(repaired.get("norm.bias")[0]).isEqualTo(9);
    assertThat(pruned(victim, clp(3.305, Deviation.POPULATION))).isEmpty();
  }

  /** A variance of almost zero: the paper's code divides by its root, we by that of 1e-5 more. */
  @Test
  void keepsDeadVariancesFromExplodingUnlessToldTo() {
    OneLayer victim =
        OneLayer.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.001)
            .var(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1e-12f);
    assertThat(pruned(victim, new Clp())).isEmpty();
    assertThat(
            pruned(victim, new Clp(3, Deviation.POPULATION, 0, Unpaired.CONV_ONLY, Zeroing.OUTPUT)))
        .containsExactly(11);
  }

  @Test
  void zeroesGammaAndBetaAndNothingElse() {
    float[] beta = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    OneLayer victim = twelve.beta(beta).mean(beta);
    Map<String, float[]> expected = victim.values();
    expected.get("norm.weight")[5] = 0;
    expected.get("norm.bias")[5] = 0;
    Invariants.assertEqual(victim.repairedBy(new Clp()), expected);
  }

  @Test
  void zeroesTheKernelAloneAsPrintedIfToldTo() {
    var printed =
        new Clp(3, Deviation.POPULATION, BatchNorm2d.EPS, Unpaired.CONV_ONLY, Zeroing.KERNEL);
    Map<String, float[]> expected = twelve.values();
    expected.get("conv.weight")[5] = 0;
    Invariants.assertEqual(twelve.repairedBy(printed), expected);
  }

  /** Large biases and a large mean: with zero kernels alone the channel would be a constant. */
  @Test
  void makesAPrunedChannelZeroForAnyInput() {
    OneLayer victim =
        twelve
            .beta(1, 1, 1, 1, 1, 100, 1, 1, 1, 1, 1, 1)
            .mean(0, 0, 0, 0, 0, -50, 0, 0, 0, 0, 0, 0)
            .head(2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -3, 0, 0, 0, 0, 0, 0);
    try (Classifier built = victim.build();
        Classifier repaired = Repaired.by(new Clp(), built)) {
      LabeledImages images = ToyImages.random(built.design().shape(), 2, 20, 1);
      assertThat(Classifiers.logits(built, images)).doesNotContain(0);
      assertThat(Classifiers.logits(repaired, images)).containsOnly(0);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-3, 7, 1e4})
  void prunesTheSameChannelsIfTheLayerIsScaled(double factor) {
    double[] kernels = {1.2, 0.9, 1, 1.1, 8, 1, 0.7, 1, 1.3, 1, 1, 0.8, 7, 1, 1, 1};
    double[] scaled = Arrays.stream(kernels).map(w -> factor * w).toArray();
    assertThat(pruned(OneLayer.of(kernels), clp(2, Deviation.POPULATION))).containsExactly(4, 12);
    assertThat(pruned(OneLayer.of(scaled), clp(2, Deviation.POPULATION))).containsExactly(4, 12);
  }

  @Test
  void prunesThePermutedChannelsOfAPermutedLayer() {
    assertThat(pruned(OneLayer.of(10, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), new Clp()))
        .containsExactly(0);
    assertThat(pruned(OneLayer.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 10), new Clp()))
        .containsExactly(11);
  }

  @Test
  void isTheIdentityAtAHugeLimit() {
    Invariants.assertEqual(
        PlantedBackdoor.victim().repairedBy(clp(1e9, Deviation.POPULATION)),
        PlantedBackdoor.victim().values());
  }

  @Test
  void leavesALayerOfEqualChannelsAlone() {
    OneLayer equal = OneLayer.of(0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3);
    assertThat(pruned(equal, new Clp())).isEmpty();
  }

  @Test
  void prunesEverythingAtAVeryNegativeLimit() {
    try (Classifier victim = PlantedBackdoor.victim().build();
        Classifier repaired = Repaired.by(clp(-100, Deviation.POPULATION), victim)) {
      assertThat(PlantedBackdoor.logits(repaired)).containsOnly(0);
    }
  }

  /** Fifteen scores 1 and one 10: mean 1.5625, z = 3.873 over n and 3.75 over n - 1. */
  @ParameterizedTest
  @CsvSource({
    "POPULATION, 3, true",
    "POPULATION, 3.87, true",
    "POPULATION, 3.88, false",
    "SAMPLE, 3.74, true",
    "SAMPLE, 3.76, false"
  })
  void findsThePlantedChannel(Deviation deviation, double u, boolean found) {
    assertThat(pruned(PlantedBackdoor.victim(), clp(u, deviation)))
        .isEqualTo(found ? new int[] {PlantedBackdoor.CHANNEL} : new int[0]);
  }

  @Test
  void makesTheOutputIndependentOfThePlantedChannel() {
    try (Classifier victim = PlantedBackdoor.victim().build();
        Classifier repaired = Repaired.by(new Clp(), victim)) {
      float[] before = PlantedBackdoor.logits(victim);
      PlantedBackdoor.replantWith(victim, -3);
      assertThat(PlantedBackdoor.logits(victim)).isNotEqualTo(before);

      float[] after = PlantedBackdoor.logits(repaired);
      PlantedBackdoor.replantWith(repaired, -3);
      assertThat(PlantedBackdoor.logits(repaired)).isEqualTo(after);
    }
  }

  /** Its score is 10 / root(1 + 1e-5), the limit 1.75 + 3 * 2.48747. */
  @Test
  void reportsThePrunedChannelWithItsScoreAndLimit() {
    try (Classifier victim = twelve.build()) {
      Findings findings = Repaired.findings(new Clp(), victim);
      assertThat(findings.channels()).hasSize(1);
      Findings.Channel found = findings.channels().get(0);
      assertThat(found.layer()).isEqualTo(victim.units().get(0).name());
      assertThat(found.channel()).isEqualTo(5);
      assertThat(found.score()).isCloseTo(10, within(1e-4));
      assertThat(found.limit()).isCloseTo(9.2124, within(1e-4));
      assertThat(findings.counts()).containsExactly(entry("pruned-channels", 1L));
    }
  }

  @Test
  void reportsThatNothingWasPruned() {
    try (Classifier victim = twelve.build()) {
      Findings findings = Repaired.findings(clp(1e9, Deviation.POPULATION), victim);
      assertThat(findings.channels()).isEmpty();
      assertThat(findings.counts()).containsExactly(entry("pruned-channels", 0L));
    }
  }

  @Test
  void zeroesKernelsWhereNoBatchNormFollows() {
    OneLayer bare = twelve.withoutBatchNorm();
    Map<String, float[]> repaired = bare.repairedBy(new Clp());
    assertThat(Invariants.silent(repaired, 12)).containsExactly(5);
    repaired.get("conv.weight")[5] = 10;
    Invariants.assertEqual(repaired, bare.values());
  }

  @Test
  void skipsConvolutionsWithoutABatchNormIfToldTo() {
    OneLayer bare = twelve.withoutBatchNorm();
    var skipping = new Clp(3, Deviation.POPULATION, BatchNorm2d.EPS, Unpaired.SKIP, Zeroing.OUTPUT);
    Invariants.assertEqual(bare.repairedBy(skipping), bare.values());
  }

  @Test
  void refusesImpossibleValues() {
    assertThatThrownBy(() -> clp(Double.POSITIVE_INFINITY, Deviation.POPULATION))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("u must be a finite number, got Infinity");
    assertThatThrownBy(() -> new Clp(3, Deviation.POPULATION, -1, Unpaired.SKIP, Zeroing.OUTPUT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("eps must not be negative, got -1.0");
  }

  private static Clp clp(double u, Deviation deviation) {
    return new Clp(u, deviation, BatchNorm2d.EPS, Unpaired.CONV_ONLY, Zeroing.OUTPUT);
  }

  private static int[] pruned(OneLayer victim, Clp clp) {
    return Invariants.pruned(victim.repairedBy(clp));
  }
}
