package io.backdoorgrid.defense.datafree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.defense.Findings;
import io.backdoorgrid.defense.Invariants;
import io.backdoorgrid.defense.OneLayer;
import io.backdoorgrid.defense.PlantedBackdoor;
import io.backdoorgrid.defense.Repaired;
import io.backdoorgrid.defense.datafree.Lpp.Factor;
import io.backdoorgrid.defense.datafree.Lpp.Removal;
import io.backdoorgrid.defense.datafree.Lpp.Scaling;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.prune.Deviation;
import io.backdoorgrid.prune.Unpaired;
import io.backdoorgrid.prune.Zeroing;
import io.backdoorgrid.torch.BatchNorm2d;
import io.backdoorgrid.torch.TorchThread;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TorchThread.class)
class LppTest {

  private static final double[] SIXTEEN = {
    1, 1.1, 0.9, 1, 1.05, 0.95, 1, 1, 1.1, 0.9, 1, 1, 1, 1, 2.1, 3
  };

  /**
   * Mean 1.19375, deviation 0.53935: 3.0 lies beyond 2.812, 2.1 in the band from 2.003 on; the
   * lower limit -0.424 cannot be reached.
   */
  @Test
  void prunesFarOutliersAndScalesModerateOnesToTheMean() {
    Map<String, float[]> repaired = OneLayer.of(SIXTEEN).repairedBy(lpp(Map.of()));
    assertThat(Invariants.pruned(repaired)).containsExactly(15);
    assertKernels(repaired, SIXTEEN, Map.of(14, 1.19375));
  }

  /**
   * Squared: mean 1.71594, deviation 2.05559; the band starts at 4.799, but 2.1 squared is 4.41.
   */
  @Test
  void scalesNoneOfTheseIfTheNormsAreSquared() {
    Map<String, float[]> repaired = OneLayer.of(SIXTEEN).repairedBy(lpp(Map.of("power", 2)));
    assertThat(Invariants.pruned(repaired)).containsExactly(15);
    assertKernels(repaired, SIXTEEN, Map.of());
  }

  /**
   * Thirty 1s, 2.2 and 3: mean 1.1, deviation 0.4; z = 2.75 and 4.75. Squared: mean 1.37, and 2.2
   * is multiplied by 1.37 / 4.84 = 0.28306.
   */
  @ParameterizedTest
  @CsvSource({"1, 1.1", "2, 0.622727"})
  void scalesByTheMeanOverTheConstant(int power, double scaled) {
    double[] kernels = new double[32];
    Arrays.fill(kernels, 1);
    kernels[30] = 2.2;
    kernels[31] = 3;
    Map<String, float[]> repaired = OneLayer.of(kernels).repairedBy(lpp(Map.of("power", power)));
    assertThat(Invariants.pruned(repaired)).containsExactly(31);
    assertKernels(repaired, kernels, Map.of(30, scaled));
  }

  @Test
  void leavesAllElseBitByBit() {
    OneLayer victim = OneLayer.of(SIXTEEN);
    Map<String, float[]> expected = victim.values();
    Map<String, float[]> repaired = victim.repairedBy(lpp(Map.of()));
    expected.get("norm.weight")[15] = 0;
    expected.get("norm.bias")[15] = 0;
    expected.get("conv.weight")[14] = repaired.get("conv.weight")[14];
    Invariants.assertEqual(repaired, expected);
  }

  @Test
  void leavesALayerOfEqualChannelsAlone() {
    double[] equal = new double[12];
    Arrays.fill(equal, 0.3);
    OneLayer victim = OneLayer.of(equal);
    Invariants.assertEqual(victim.repairedBy(lpp(Map.of())), victim.values());
  }

  /** Eleven 1s and a 0.1: mean 0.925, deviation 0.2487, z = -3.317. */
  @Test
  void prunesChannelsBelowTheLowerLimit() {
    OneLayer victim = OneLayer.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.1);
    assertThat(pruned(victim, Map.of("lower", -3.31))).containsExactly(11);
    assertThat(pruned(victim, Map.of("lower", -3.32))).isEmpty();
  }

  @Test
  void isTheIdentityAtHugeLimits() {
    Invariants.assertEqual(
        PlantedBackdoor.victim().repairedBy(lpp(Map.of("lower", -1e9, "upper", 1e9))),
        PlantedBackdoor.victim().values());
    Invariants.assertEqual(
        PlantedBackdoor.victim()
            .repairedBy(
                lpp(Map.of("lower", Double.NEGATIVE_INFINITY, "upper", Double.POSITIVE_INFINITY))),
        PlantedBackdoor.victim().values());
  }

  /** Below the mean the factor, the mean over the constant, would exceed 1. */
  @Test
  void neverAmplifiesIfTheBandReachesBelowTheMean() {
    OneLayer victim = OneLayer.of(SIXTEEN);
    Map<String, float[]> repaired =
        victim.repairedBy(lpp(Map.of("upper", 1, "bias", 1.5, "lower", -9)));
    // The band from 0.924 to 1.733 holds all channels but 0.9 below and 2.1 and 3 above.
    assertThat(Invariants.pruned(repaired)).containsExactly(14, 15);
    assertKernels(repaired, SIXTEEN, Map.of());
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-3, 7, 1e4})
  void treatsAScaledLayerAlike(double factor) {
    double[] scaled = Arrays.stream(SIXTEEN).map(w -> factor * w).toArray();
    Map<String, float[]> repaired = OneLayer.of(scaled).repairedBy(lpp(Map.of()));
    assertThat(Invariants.pruned(repaired)).containsExactly(15);
    assertKernels(repaired, scaled, Map.of(14, factor * 1.19375));
  }

  @Test
  void treatsAPermutedLayerAlike() {
    double[] reversed = new double[16];
    for (int k = 0; k < 16; k++) {
      reversed[k] = SIXTEEN[15 - k];
    }
    Map<String, float[]> repaired = OneLayer.of(reversed).repairedBy(lpp(Map.of()));
    assertThat(Invariants.pruned(repaired)).containsExactly(0);
    assertKernels(repaired, reversed, Map.of(1, 1.19375));
  }

  /**
   * Among twelve kernels of norm 1, A = diag(3, 3) has the Euclidean norm 4.243 and the spectral
   * norm 3, B = diag(4, 0) has 4 of both. LPP: mean 1.446, deviation 1.093, A at 2.558, B at 2.336.
   * CLP: mean 1.357, deviation 0.895, A at 1.836, B at 2.953.
   */
  @Test
  void ordersKernelsOtherwiseThanClp() {
    float[] kernels = new float[14 * 2 * 9];
    for (int k = 0; k < 14; k++) {
      kernels[k * 18] = k == 3 ? 3 : k == 8 ? 4 : 1;
    }
    kernels[3 * 18 + 9 + 1] = 3;
    OneLayer victim = OneLayer.ofKernels(2, 3, kernels);
    assertThat(pruned(victim, Map.of("upper", 2.45, "bias", 0))).containsExactly(3);
    assertThat(
            Invariants.pruned(
                victim.repairedBy(
                    new Clp(
                        2.45,
                        Deviation.POPULATION,
                        BatchNorm2d.EPS,
                        Unpaired.SKIP,
                        Zeroing.OUTPUT))))
        .containsExactly(8);
  }

  @Test
  void findsThePlantedChannelAndSuspectsItsClass() {
    Map<String, float[]> repaired = PlantedBackdoor.victim().repairedBy(lpp(Map.of("k", 1)));
    assertThat(Invariants.pruned(repaired)).containsExactly(PlantedBackdoor.CHANNEL);
    assertThat(repaired.get("conv.weight"))
        .isEqualTo(PlantedBackdoor.victim().values().get("conv.weight"));
    float[] head = PlantedBackdoor.victim().values().get("linear.weight");
    head[PlantedBackdoor.TARGET * PlantedBackdoor.CHANNELS + PlantedBackdoor.CHANNEL] = 0;
    assertThat(repaired.get("linear.weight")).isEqualTo(head);
  }

  @Test
  void makesTheOutputIndependentOfThePlantedChannel() {
    try (Classifier victim = PlantedBackdoor.victim().build();
        Classifier repaired = Repaired.by(lpp(Map.of()), victim)) {
      float[] after = PlantedBackdoor.logits(repaired);
      PlantedBackdoor.replantWith(repaired, -3);
      assertThat(PlantedBackdoor.logits(repaired)).isEqualTo(after);
    }
  }

  /** Gamma -20 behind a deviation of 2 stretches tenfold. */
  @Test
  void multipliesByGammaOverSigma() {
    OneLayer victim =
        ones().gamma(1, 1, 1, -20, 1, 1, 1, 1, 1, 1, 1, 1).var(1, 1, 1, 4, 1, 1, 1, 1, 1, 1, 1, 1);
    assertThat(pruned(victim, Map.of())).containsExactly(3);
  }

  /**
   * As printed the factor is sigma over gamma: a tenth of the stretch counts tenfold, ten times the
   * stretch hardly. A dead channel counts 1e8, and hides the others.
   */
  @Test
  void dividesByItIfReadAsPrinted() {
    Map<String, Object> printed = Map.of("factor", "sigma-over-gamma", "lower", -9);
    OneLayer weak = ones().gamma(1, 1, 1, 0.1f, 1, 1, 1, 1, 1, 1, 1, 1);
    assertThat(pruned(weak, printed)).containsExactly(3);
    assertThat(pruned(weak, Map.of("lower", -9))).isEmpty();
    OneLayer strong = ones().gamma(1, 1, 1, 10, 1, 1, 1, 1, 1, 1, 1, 1);
    assertThat(pruned(strong, printed)).isEmpty();
    assertThat(pruned(strong, Map.of("lower", -9))).containsExactly(3);
    OneLayer dead = ones().gamma(0, 1, 1, 0.1f, 1, 1, 1, 1, 1, 1, 1, 1);
    assertThat(pruned(dead, printed)).containsExactly(0);
  }

  @Test
  void disregardsTheBatchNormIfToldTo() {
    OneLayer strong = ones().gamma(1, 1, 1, 10, 1, 1, 1, 1, 1, 1, 1, 1);
    assertThat(pruned(strong, Map.of("factor", "none"))).isEmpty();
  }

  /** The band of the first test; channel 14 has the running mean 8. */
  @ParameterizedTest
  @CsvSource({
    "conv-weight, 1.19375, 1, 8",
    "bn-gamma, 2.1, 0.568452, 8",
    "conv-and-running-mean, 1.19375, 1, 4.547619"
  })
  void scalesWhatItIsToldTo(String scaling, float kernel, float gamma, float mean) {
    float[] means = new float[16];
    means[14] = 8;
    means[0] = 3;
    OneLayer victim = OneLayer.of(SIXTEEN).mean(means);
    Map<String, float[]> repaired = victim.repairedBy(lpp(Map.of("scaling", scaling)));
    assertThat(repaired.get("conv.weight")[14]).isCloseTo(kernel, within(1e-5f));
    assertThat(repaired.get("norm.weight")[14]).isCloseTo(gamma, within(1e-5f));
    assertThat(repaired.get("norm.running_mean")[14]).isCloseTo(mean, within(1e-5f));
    assertThat(repaired.get("norm.running_mean")[0]).isEqualTo(3);
    assertThat(repaired.get("norm.running_var")).containsOnly(1);
  }

  @Test
  void zeroesAndScalesKernelsWhereNoBatchNormFollows() {
    Map<String, float[]> repaired =
        OneLayer.of(SIXTEEN).withoutBatchNorm().repairedBy(lpp(Map.of("scaling", "bn-gamma")));
    assertKernels(repaired, SIXTEEN, Map.of(14, 1.19375, 15, 0.0));
  }

  @Test
  void skipsConvolutionsWithoutABatchNormIfToldTo() {
    OneLayer bare = OneLayer.of(SIXTEEN).withoutBatchNorm();
    Invariants.assertEqual(bare.repairedBy(lpp(Map.of("unpaired", "skip"))), bare.values());
  }

  /** Row 1 has the largest mean; over the others it exceeds by 0.35, -0.05, 0.85 and 0.25. */
  @ParameterizedTest
  @CsvSource({
    "0,  elements, .1 .2 0 .1 .5 .1 .9 .3 .2 .1 .1 0",
    "-1, elements, .1 .2 0 .1 .5 .1  0 .3 .2 .1 .1 0",
    "1,  elements, .1 .2 0 .1 .5 .1  0 .3 .2 .1 .1 0",
    "2,  elements, .1 .2 0 .1  0 .1  0 .3 .2 .1 .1 0",
    "4,  elements, .1 .2 0 .1  0  0  0  0 .2 .1 .1 0",
    "2,  columns,   0 .2 0 .1  0 .1  0 .3  0 .1  0 0",
  })
  void removesWhatTheSuspectedClassHasMoreOf(int k, String removal, String expected) {
    OneLayer victim =
        OneLayer.of(1, 1, 1, 1).head(3, .1f, .2f, 0, .1f, .5f, .1f, .9f, .3f, .2f, .1f, .1f, 0);
    Map<String, float[]> repaired = victim.repairedBy(lpp(Map.of("k", k, "removal", removal)));
    float[] weights = new float[12];
    String[] numbers = expected.trim().split(" +");
    for (int i = 0; i < 12; i++) {
      weights[i] = Float.parseFloat(numbers[i]);
    }
    assertThat(repaired.get("linear.weight")).containsExactly(weights);
    assertThat(repaired.get("conv.weight")).containsOnly(1);
  }

  /** One percent of 250 inputs is 2.5, rounded up. */
  @Test
  void removesOnePercentOfTheLastLayersInputsByDefault() {
    double[] kernels = new double[250];
    Arrays.fill(kernels, 1);
    Map<String, float[]> repaired = OneLayer.of(kernels).repairedBy(new Lpp());
    long removed = 0;
    for (float weight : repaired.get("linear.weight")) {
      removed += weight == 0 ? 1 : 0;
    }
    assertThat(removed).isEqualTo(3);
  }

  /** As above: 3 beyond a limit of 2.812, and 2.1 in the band. */
  @Test
  void reportsPrunedChannelsWithTheLimitThatTheyAreAbove() {
    try (Classifier victim = OneLayer.of(SIXTEEN).build()) {
      Findings findings = Repaired.findings(lpp(Map.of()), victim);
      assertFound(findings, 15, 3, 2.812);
      assertThat(findings.counts())
          .containsExactly(entry("pruned-channels", 1L), entry("scaled-channels", 1L));
    }
  }

  /** Fifteen 10s and a 1: mean 9.4375, deviation 2.1785. */
  @Test
  void reportsPrunedChannelsWithTheLimitThatTheyAreBelow() {
    double[] kernels = new double[16];
    Arrays.fill(kernels, 10);
    kernels[4] = 1;
    try (Classifier victim = OneLayer.of(kernels).build()) {
      assertFound(Repaired.findings(lpp(Map.of()), victim), 4, 1, 2.9019);
    }
  }

  private static void assertFound(Findings findings, int channel, double score, double limit) {
    assertThat(findings.channels()).hasSize(1);
    Findings.Channel found = findings.channels().get(0);
    assertThat(found.channel()).isEqualTo(channel);
    assertThat(found.score()).isCloseTo(score, within(1e-3));
    assertThat(found.limit()).isCloseTo(limit, within(1e-3));
  }

  @Test
  void reportsEveryClassWithItsMeanWeightAndSuspectsTheLargest() {
    OneLayer victim =
        OneLayer.of(1, 1, 1, 1).head(3, .1f, .2f, 0, .1f, .5f, .1f, .9f, .3f, .2f, .1f, .1f, 0);
    try (Classifier classifier = victim.build()) {
      List<Findings.ScoredClass> classes = Repaired.findings(new Lpp(), classifier).classes();
      assertThat(classes).extracting(Findings.ScoredClass::label).containsExactly(0, 1, 2);
      assertThat(classes)
          .extracting(Findings.ScoredClass::suspected)
          .containsExactly(false, true, false);
      assertThat(classes.get(0).score()).isCloseTo(0.1, within(1e-7));
      assertThat(classes.get(1).score()).isCloseTo(0.45, within(1e-7));
    }
  }

  @Test
  void refusesToRemoveMoreThanThereIs() {
    assertThatThrownBy(() -> OneLayer.of(1, 1, 1, 1).repairedBy(lpp(Map.of("k", 5))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("k is 5, but the last layer has 4 inputs");
  }

  @Test
  void readsThePrintAsWeDoByDefault() {
    assertThat(new Lpp())
        .isEqualTo(
            new Lpp(
                -3,
                3,
                1.5,
                Factor.GAMMA_OVER_SIGMA,
                1,
                Scaling.CONV_AND_RUNNING_MEAN,
                -1,
                Removal.ELEMENTS,
                Unpaired.CONV_ONLY,
                0,
                Lpp.Stem.REPAIRED,
                Deviation.POPULATION));
  }

  /**
   * Four 0.001s among twelve 1s and a 1.6: with them mean 0.8003 and deviation 0.467, and 1.6 lies
   * 1.71 above; without them mean 1.04615, deviation 0.15988 and 1.6 lies 3.46 above.
   */
  @Test
  void deadChannelsCountNeitherForTheMeanNorAsOutliers() {
    double[] kernels = new double[17];
    Arrays.fill(kernels, 1);
    Arrays.fill(kernels, 0, 4, 0.001);
    kernels[16] = 1.6;
    OneLayer victim = OneLayer.of(kernels);
    assertThat(pruned(victim, Map.of("upper", 3.4))).isEmpty();
    assertThat(pruned(victim, Map.of("upper", 3.4, "dead", 0.01))).containsExactly(16);
    assertThat(pruned(victim, Map.of("upper", 3.5, "dead", 0.01))).isEmpty();
    assertThat(pruned(victim, Map.of("upper", 3.4, "dead", 0.0006))).isEmpty();
  }

  /** The layer is the first one: {@link #prunesFarOutliersAndScalesModerateOnesToTheMean}. */
  @ParameterizedTest
  @CsvSource({"repaired, true, true", "pruned, true, false", "spared, false, false"})
  void theStemCanBeSpared(String stem, boolean prunes, boolean scales) {
    Map<String, float[]> repaired = OneLayer.of(SIXTEEN).repairedBy(lpp(Map.of("stem", stem)));
    assertThat(Invariants.pruned(repaired).length == 1).isEqualTo(prunes);
    assertKernels(repaired, SIXTEEN, scales ? Map.of(14, 1.19375) : Map.of());
  }

  /** Twelve values: the sample deviation of eleven 1s and a 4 is 0.8660, the other 0.8292. */
  @Test
  void theSampleDeviationIsLarger() {
    double[] kernels = new double[12];
    Arrays.fill(kernels, 1);
    kernels[11] = 4;
    OneLayer victim = OneLayer.of(kernels);
    assertThat(pruned(victim, Map.of("upper", 3.2))).containsExactly(11);
    assertThat(pruned(victim, Map.of("upper", 3.2, "deviation", "sample"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dead  | 1    | dead must be from 0 to below 1, got 1.0",
        "lower | 0.1  | lower must not be positive, got 0.1",
        "upper | -0.1 | upper must not be negative, got -0.1",
        "bias  | -1   | bias must not be negative, got -1.0",
        "power | 3    | power must be 1 or 2, got 3",
        "k     | -2   | k must be -1 or more, got -2",
        "lower | NaN  | lower must not be positive, got NaN",
      })
  void refusesImpossibleValues(String key, double value, String message) {
    assertThatThrownBy(() -> lpp(Map.of(key, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  /** The defaults, but k = 0 so that the last layer stays as it is, and what is given. */
  private static Lpp lpp(Map<String, Object> given) {
    Map<String, Object> parameters = new HashMap<>(given);
    parameters.putIfAbsent("k", 0);
    return (Lpp) Defenses.REGISTRY.create(new Spec("lpp", 1, parameters));
  }

  private static int[] pruned(OneLayer victim, Map<String, Object> given) {
    return Invariants.pruned(victim.repairedBy(lpp(given)));
  }

  private static OneLayer ones() {
    return OneLayer.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
  }

  /** Asserts the kernels that are changed, and that all others are as before. */
  private static void assertKernels(
      Map<String, float[]> repaired, double[] before, Map<Integer, Double> changed) {
    float[] kernels = repaired.get("conv.weight");
    for (int k = 0; k < before.length; k++) {
      double expected = changed.getOrDefault(k, before[k]);
      assertThat((double) kernels[k]).isCloseTo(expected, within(1e-6 * Math.abs(before[k])));
    }
  }
}
