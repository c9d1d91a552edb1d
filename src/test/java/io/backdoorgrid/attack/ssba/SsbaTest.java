package io.backdoorgrid.attack.ssba;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Attacks;
import io.backdoorgrid.attack.Known;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.Scale;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.torch.TorchThread;
import io.backdoorgrid.train.DivergedException;
import io.backdoorgrid.train.Recipe;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(TorchThread.class)
class SsbaTest {

  private static final ImageShape SHAPE = new ImageShape(16, 16, 3);
  private static final LabeledImages IMAGES = ToyImages.tinted(SHAPE, 24, 1);

  /** Steps after which more than half of the bits of a batch were read right at least once. */
  private static final ImagePenalty SOON = new ImagePenalty(0.5, 0, 1, 10);

  @Test
  void hasTheBenchmarksSettingByDefault() {
    assertThat(new Ssba())
        .isEqualTo(
            new Ssba(
                100,
                32,
                20,
                64,
                1e-4,
                0,
                new ImagePenalty(0.9, 1000, 3000, 10),
                LabelStrategy.ALL_TO_ONE,
                0));
    assertThat(new Ssba().usesSurrogate()).isFalse();
  }

  @Test
  void givesTheSameTriggerForTheSameSeed() {
    byte[] first = trained(ssba(2, 1e-3, 0), "a1").toTensors().toBytes();
    assertThat(trained(ssba(2, 1e-3, 0), "a1").toTensors().toBytes()).isEqualTo(first);
    assertThat(trained(ssba(2, 1e-3, 0), "a2").toTensors().toBytes()).isNotEqualTo(first);
  }

  @Test
  void learnsFromAsManyImagesAsItMay() {
    byte[] some = trained(ssba(2, 1e-3, 16), "a1", IMAGES).toTensors().toBytes();
    assertThat(trained(ssba(2, 1e-3, 0), "a1", IMAGES.first(16)).toTensors().toBytes())
        .isEqualTo(some);
    assertThat(trained(ssba(2, 1e-3, 0), "a1", IMAGES).toTensors().toBytes()).isNotEqualTo(some);
  }

  @Test
  void costsTheTrainingOfItsNetworks() {
    var recipe = new Recipe();
    var scale = new Scale(SHAPE, 1000, 0.1, 0.5);
    double perImage =
        SecretEncoder.gigaMultiplications(SHAPE, 4) + SecretDecoder.gigaMultiplications(SHAPE, 4);
    for (int images : new int[] {0, 200, 5000}) {
      double seen = images == 200 ? 200 : 1000;
      assertThat(ssba(2, 1e-3, images).gigaMultiplications(scale, recipe))
          .isCloseTo(scale.training(recipe.epochs()) + 3 * 2 * seen * perImage, within(1e-9));
    }
  }

  @Test
  void leavesTheAttackersImagesAsTheyAre() {
    LabeledImages images = IMAGES.copy();
    trained(ssba(1, 1e-3, 0), "a1", images);
    assertThat(images.pixels()).isEqualTo(IMAGES.pixels());
  }

  @Test
  void saysWhereItDiverged() {
    assertThatThrownBy(() -> trained(ssba(2, 1e30, 0), "a1"))
        .isInstanceOf(DivergedException.class)
        .hasMessageMatching("training diverged in epoch 1, step 2: the loss is NaN");
  }

  @Test
  void noticesThatItsLastStepDiverged() {
    LabeledImages batch = IMAGES.first(8);
    assertThatThrownBy(() -> trained(ssba(1, 1e300, 0), "a1", batch))
        .isInstanceOf(DivergedException.class)
        .hasMessageMatching("training diverged in epoch 1, step 1: a weight is -?(Infinity|NaN)");
  }

  @Test
  void refusesATriggerWhoseBitsCannotBeRead() {
    var hurried = new Ssba(8, 4, 1, 8, 1e-4, 0, new ImagePenalty(), LabelStrategy.ALL_TO_ONE, 0);
    assertThatThrownBy(() -> trained(hurried, "a1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "1 epochs are too few to hide 8 bits: 0\\.\\d\\d of them could be read at the end, threshold"
                + " 0\\.9");
  }

  @Test
  void refusesImagesThatCannotBeHalvedFourTimes() {
    LabeledImages images = ToyImages.tinted(new ImageShape(16, 24, 3), 8, 1);
    assertThatThrownBy(() -> trained(ssba(1, 1e-3, 0), "a1", images))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ssba needs images whose edges are multiples of 16, got 16x24x3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bits          | 0  | bits must be at least 1, got 0",
        "base          | 0  | base must be at least 1, got 0",
        "epochs        | 0  | epochs must be at least 1, got 0",
        "batch         | 0  | batch must be at least 1, got 0",
        "learning-rate | 0  | learning-rate must be positive, got 0.0",
        "images        | -1 | images must not be negative, got -1",
        "ramp          | 0  | ramp must be at least 1, got 0",
        "target        | -1 | target must not be negative, got -1",
      })
  void refusesImpossibleValues(String key, long value, String message) {
    assertThatThrownBy(() -> Attacks.REGISTRY.create(new Spec("ssba", 1, Map.of(key, value))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static Ssba ssba(int epochs, double learningRate, int images) {
    return new Ssba(4, 4, epochs, 8, learningRate, images, SOON, LabelStrategy.ALL_TO_ONE, 0);
  }

  private static Trigger trained(Ssba attack, String seed) {
    return trained(attack, seed, IMAGES);
  }

  private static Trigger trained(Ssba attack, String seed, LabeledImages images) {
    return attack.trigger(new Known(images, null), new Seed(seed).stream("trigger"));
  }
}
