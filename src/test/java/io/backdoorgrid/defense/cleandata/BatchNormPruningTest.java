package io.backdoorgrid.defense.cleandata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.defense.GivenImages;
import io.backdoorgrid.defense.Invariants;
import io.backdoorgrid.defense.OneLayer;
import io.backdoorgrid.defense.cleandata.BatchNormPruning.Zeroed;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.torch.TorchThread;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class BatchNormPruningTest {

  private static final int CHANNELS = 12;
  private static final int ODD = 5;
  private static final LabeledImages CLEAN = ToyImages.random(new ImageShape(4, 4, 1), 2, 30, 7);

  @Test
  void scoresByTheDivergenceOfNormalDistributions() {
    assertThat(BatchNormPruning.divergence(1, 1, 0, 4)).isCloseTo(0.443147, within(1e-6));
    assertThat(BatchNormPruning.divergence(0, 4, 1, 1)).isCloseTo(1.306853, within(1e-6));
    assertThat(BatchNormPruning.divergence(0.3, 2, 0.3, 2)).isZero();
    assertThat(BatchNormPruning.divergence(0, 0, 0, 0)).as("a dead channel").isZero();
  }

  /**
   * Twelve 1x1 kernels, k with weight k + 1: their outputs have (k + 1) times the pixels' mean and
   * (k + 1)^2 times their variance. The running statistics say so, but for one mean.
   */
  private static OneLayer victim() {
    double[] pixels =
        IntStream.range(0, CLEAN.pixels().length)
            .mapToDouble(i -> (CLEAN.pixels()[i] & 0xff) / 255.0)
            .toArray();
    double mean = Arrays.stream(pixels).average().orElseThrow();
    double variance =
        Arrays.stream(pixels).map(p -> (p - mean) * (p - mean)).sum() / (pixels.length - 1);
    double[] kernels = new double[CHANNELS];
    float[] means = new float[CHANNELS];
    float[] variances = new float[CHANNELS];
    for (int k = 0; k < CHANNELS; k++) {
      kernels[k] = k + 1;
      means[k] = (float) ((k + 1) * mean + (k == ODD ? 2 : 0));
      variances[k] = (float) ((k + 1) * (k + 1) * variance);
    }
    float[] beta = new float[CHANNELS];
    Arrays.fill(beta, 0.5f);
    return OneLayer.of(kernels).mean(means).var(variances).beta(beta);
  }

  private static Map<String, float[]> repaired(BatchNormPruning bnp, GivenImages given) {
    try (Classifier classifier = victim().build()) {
      bnp.repair(classifier, given);
      return Classifiers.values(classifier);
    }
  }

  /** One of twelve equal scores lies at most 11 / sqrt(12) = 3.175 sample deviations above. */
  @Test
  void prunesTheChannelWhoseStatisticsAreOthers() {
    var given = new GivenImages(CLEAN, "a1");
    Map<String, float[]> expected = victim().values();
    expected.get("norm.weight")[ODD] = 0;
    Invariants.assertEqual(repaired(new BatchNormPruning(), given), expected);
    assertThat(given.findings().channels())
        .singleElement()
        .satisfies(found -> assertThat(found.channel()).isEqualTo(ODD));
    assertThat(given.findings().counts()).containsEntry("pruned-channels", 1L);
  }

  @Test
  void canZeroBetaToo() {
    var bnp = new BatchNormPruning(3, Zeroed.GAMMA_AND_BETA);
    assertThat(Invariants.pruned(repaired(bnp, new GivenImages(CLEAN, "a1")))).containsExactly(ODD);
  }

  @Test
  void isTheIdentityBeyondThatLimit() {
    var bnp = new BatchNormPruning(3.2, Zeroed.GAMMA);
    Invariants.assertEqual(repaired(bnp, new GivenImages(CLEAN, "a1")), victim().values());
  }

  @Test
  void refusesNetworksWithoutBatchNorm() {
    try (Classifier plain = victim().withoutBatchNorm().build()) {
      assertThatThrownBy(() -> new BatchNormPruning().repair(plain, new GivenImages(CLEAN, "a1")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("bnp needs a batch-norm behind a convolution, and finds none");
    }
  }
}
