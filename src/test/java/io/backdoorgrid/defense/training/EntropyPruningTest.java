package io.backdoorgrid.defense.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.defense.Findings;
import io.backdoorgrid.defense.Invariants;
import io.backdoorgrid.defense.OneLayer;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.torch.TorchThread;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class EntropyPruningTest {

  private static final int CHANNELS = 14;
  private static final int ODD = 4;
  private static final ImageShape SHAPE = new ImageShape(4, 4, 2);

  /**
   * Noise in the first color; the second is white in every tenth image and black in the others, as
   * a trigger would be.
   */
  private static LabeledImages images() {
    LabeledImages images = ToyImages.random(SHAPE, 2, 200, 7);
    for (int i = 1; i < images.pixels().length; i += 2) {
      images.pixels()[i] = (byte) (i / SHAPE.size() % 10 == 0 ? 255 : 0);
    }
    return images;
  }

  /** All channels read the first color, one the second. */
  private static OneLayer victim() {
    float[] kernels = new float[2 * CHANNELS];
    for (int k = 0; k < CHANNELS; k++) {
      kernels[2 * k] = k == ODD ? 0 : 1 + 0.1f * k;
    }
    kernels[2 * ODD + 1] = 1;
    float[] beta = new float[CHANNELS];
    Arrays.fill(beta, 0.5f);
    return OneLayer.ofKernels(2, 1, kernels).beta(beta);
  }

  private static GivenTraining repair(EntropyPruning ep, Classifier network) {
    var given = new GivenTraining(images(), network.design());
    ep.repair(network, given);
    return given;
  }

  /** Two values, three to one: 0.75 log(4 / 3) + 0.25 log 4. All different: log n. */
  @Test
  void twoValuesHaveLessEntropyThanMany() {
    assertThat(EntropyPruning.entropy(new float[] {1, 1, 1, 9}, 0.01))
        .isCloseTo(0.562335, within(1e-6));
    assertThat(EntropyPruning.entropy(new float[] {1, 2, 3, 4}, 0.01))
        .isCloseTo(Math.log(4), within(1e-9));
    assertThat(EntropyPruning.entropy(new float[] {5, 5, 5}, 0.01)).isZero();
  }

  /** One of fourteen lies at most 13 / sqrt(14) = 3.474 sample deviations off. */
  @Test
  void prunesTheChannelWithTwoKindsOfValues() {
    Map<String, float[]> expected = victim().values();
    expected.get("norm.weight")[ODD] = 0;
    try (Classifier network = victim().build()) {
      Findings findings = repair(new EntropyPruning(), network).findings();
      Invariants.assertEqual(Classifiers.values(network), expected);
      assertThat(findings.channels()).extracting(Findings.Channel::channel).containsExactly(ODD);
    }
  }

  @Test
  void isTheIdentityBeyondThatLimit() {
    try (Classifier network = victim().build()) {
      repair(new EntropyPruning(3.5, 0.01, 100), network);
      Invariants.assertEqual(Classifiers.values(network), victim().values());
    }
  }

  @Test
  void refusesImpossibleValues() {
    assertThatThrownBy(() -> new EntropyPruning(3, 0, 10))
        .hasMessage("bin must be positive, got 0.0");
    assertThatThrownBy(() -> new EntropyPruning(3, 1, 1))
        .hasMessage("images must be at least 2, got 1");
  }
}
