package io.backdoorgrid.perturb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.torch.TorchThread;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class DeepFoolTest {

  private static final byte[] IMAGE = {100, 50};

  /** The boundary is where both channels are 75: 25 each, and 2 % more. */
  @Test
  void reachesTheBoundaryOfALinearNetworkInOneStep() {
    try (Classifier network = LinearNetwork.of(2, 0, 0)) {
      assertThat(new DeepFool(0.02, 1).towards(1, network, IMAGE).orElseThrow())
          .containsExactly(new float[] {-25.5f, 25.5f}, within(1e-3f));
    }
  }

  @Test
  void leavesAnImageOfTheClassAsItIs() {
    try (Classifier network = LinearNetwork.of(2, 0, 0)) {
      assertThat(new DeepFool(0.02, 1).towards(0, network, IMAGE).orElseThrow()).containsOnly(0);
    }
  }

  @Test
  void givesUpWhereNothingDependsOnTheImage() {
    try (Classifier network = LinearNetwork.of(0, 1, 0)) {
      assertThat(new DeepFool(0.02, 200).towards(1, network, IMAGE)).isEmpty();
    }
  }

  /** Two logits of 5 apart by bias alone are 319 levels apart, on both channels. */
  @Test
  void givesUpBeyondTheScale() {
    try (Classifier network = LinearNetwork.of(2, 5, 0)) {
      assertThat(new DeepFool(0.02, 200).towards(1, network, new byte[] {50, 50})).isEmpty();
    }
    try (Classifier network = LinearNetwork.of(2, 3, 0)) {
      assertThat(new DeepFool(0.02, 200).towards(1, network, new byte[] {50, 50})).isPresent();
    }
  }

  /** The bent way takes several steps; one is not enough. */
  @Test
  void reachesAnyClassOfATrainedNetworkAndLeavesTheNetworkAsItIs() {
    LabeledImages seen = ToyImages.tinted(new ImageShape(8, 8, 3), 300, 1);
    try (Classifier network = TintedNetwork.trainedOn(seen)) {
      Map<String, float[]> weights = Classifiers.values(network);
      LabeledImages images = ToyImages.tinted(new ImageShape(8, 8, 3), 30, 2);
      int inOneStep = 0;
      for (int i = 0; i < 30; i++) {
        byte[] image = images.select(new int[] {i}).pixels();
        int target = (images.labels()[i] + 1) % 3;
        Optional<float[]> change = new DeepFool(0.02, 200).towards(target, network, image);
        assertThat(change).isPresent();
        inOneStep += new DeepFool(0.02, 1).towards(target, network, image).isPresent() ? 1 : 0;
      }
      assertThat(inOneStep).isLessThan(30);
      Classifiers.values(network)
          .forEach((name, values) -> assertThat(values).as(name).isEqualTo(weights.get(name)));
    }
  }

  @Test
  void refusesImpossibleSteps() {
    assertThatThrownBy(() -> new DeepFool(-0.1, 1))
        .hasMessage("overshoot must not be negative, got -0.1");
    assertThatThrownBy(() -> new DeepFool(0, 0)).hasMessage("steps must be at least 1, got 0");
  }
}
