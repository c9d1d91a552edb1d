package io.backdoorgrid.attack.poisoning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.SafeTensors.Tensor;
import io.backdoorgrid.torch.TorchThread;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Four neurons whose activations are 1, -2, 3 and 0.5 times the mean of the image. */
@ExtendWith(TorchThread.class)
class ChosenNeuronsTest {

  private static final ImageShape SHAPE = new ImageShape(2, 2, 1);

  private final Classifier network =
      Classifier.load(
          Classifiers.design(new TinyNet(4, 1, false), SHAPE, 2, Precision.FLOAT32),
          new SafeTensors(
              Map.of(
                  "conv.weight",
                  new Tensor(new long[] {4, 1, 1, 1}, new float[] {1, -2, 3, 0.5f}),
                  "linear.weight",
                  new Tensor(new long[] {2, 4}, new float[] {1, -3, 0.5f, 2, -1, 3, 0.5f, -1}),
                  "linear.bias",
                  new Tensor(new long[] {2}, new float[2]))));

  @AfterEach
  void close() {
    network.close();
  }

  /** Sums of absolute weights to both classes: 2, 6, 1 and 3. */
  @Test
  void weighMostInTheHeadWhateverTheSigns() {
    assertThat(ChosenNeurons.strongest(network, 1, 100).neurons()).containsExactly(1);
    assertThat(ChosenNeurons.strongest(network, 3, 100).neurons()).containsExactly(1, 3, 0);
  }

  /** A white image activates neurons 1 and 3 by -2 and 0.5: 102^2 + 99.5^2, or 98^2 + 99.5^2. */
  @Test
  void measureHowFarTheyAre() {
    ChosenNeurons chosen = ChosenNeurons.strongest(network, 2, 100);
    try (NDManager scope = network.manager().newSubManager()) {
      NDArray white = network.input(scope.ones(Apple.on(SHAPE).batchShape()).mul(255));
      assertThat(chosen.distance(white, false).getFloat()).isCloseTo(20304.25f, within(0.1f));
      assertThat(chosen.distance(white, true).getFloat()).isCloseTo(19504.25f, within(0.1f));
    }
  }

  @Test
  void areNoMoreThanThereAre() {
    assertThatThrownBy(() -> ChosenNeurons.strongest(network, 5, 100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("neurons must be at most the 4 that the network has, got 5");
  }
}
