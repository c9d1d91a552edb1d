package io.backdoorgrid.defense.wiper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.Architecture;
import io.backdoorgrid.model.net.PreActResNet18;
import io.backdoorgrid.model.net.ResNet18;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.TorchThread;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(TorchThread.class)
class PurifiedLayerTest {

  static Stream<Architecture> resNets() {
    return Stream.of(new ResNet18(2), new PreActResNet18(2));
  }

  /** The projection of the last stage reads what the stage's first convolution reads. */
  @ParameterizedTest
  @MethodSource("resNets")
  void areTheLastLayersByWhatTheyRead(Architecture architecture) {
    try (Classifier classifier = fresh(architecture)) {
      assertThat(names(classifier, PurifiedLayer.byInputs(classifier, 4)))
          .containsExactly(
              List.of("linear.weight"),
              List.of("layer4.1.conv2.weight"),
              List.of("layer4.1.conv1.weight"),
              List.of("layer4.0.conv2.weight"),
              List.of("layer4.0.conv1.weight", "layer4.0.shortcut.0.weight"));
      assertThat(PurifiedLayer.byInputs(classifier, 4))
          .extracting(PurifiedLayer::neurons)
          .containsExactly(16, 16, 16, 16, 8);
    }
  }

  @Test
  void areTheLastLayersByWhatTheyWrite() {
    try (Classifier classifier = fresh(new ResNet18(2))) {
      List<PurifiedLayer> layers = PurifiedLayer.byOutputs(classifier, 1);
      assertThat(names(classifier, layers))
          .containsExactly(List.of("linear.weight"), List.of("layer4.1.conv2.weight"));
      assertThat(layers).extracting(PurifiedLayer::neurons).containsExactly(10, 16);
    }
  }

  /** Seventeen convolutions and three projections; the first reads the image. */
  @Test
  void leavesOutTheLayerThatReadsTheImage() {
    try (Classifier resNet = fresh(new ResNet18(2));
        Classifier tiny = fresh(new TinyNet(4, 3, true))) {
      assertThat(names(resNet, PurifiedLayer.byInputs(resNet, 16)).get(16))
          .containsExactly("layer1.0.conv1.weight");
      assertThatThrownBy(() -> PurifiedLayer.byInputs(resNet, 17))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "purified-layers asks for 17 convolutions, but this network has 16 with hidden"
                  + " neurons");
      assertThatThrownBy(() -> PurifiedLayer.byInputs(tiny, 1))
          .hasMessageContaining("but this network has 0 with hidden neurons");
    }
  }

  @Test
  void masksTheWeightsOfNeurons() {
    try (Classifier classifier = fresh(new ResNet18(2));
        NDManager scope = classifier.manager().newSubManager()) {
      PurifiedLayer layer = PurifiedLayer.byInputs(classifier, 1).get(1);
      boolean[] chosen = new boolean[16];
      chosen[3] = true;
      var mask = layer.mask(scope, layer.weights().get(0), chosen);
      assertThat(mask.getShape()).isEqualTo(new Shape(1, 16, 1, 1));
      assertThat(mask.toFloatArray())
          .containsExactly(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
  }

  private static Classifier fresh(Architecture architecture) {
    var shape = new ImageShape(8, 8, 3);
    return Classifiers.fresh(Classifiers.design(architecture, shape, 10, Precision.FLOAT32), "a1");
  }

  private static List<List<String>> names(Classifier classifier, List<PurifiedLayer> layers) {
    return layers.stream()
        .map(
            layer ->
                layer.weights().stream()
                    .map(
                        weight ->
                            classifier.state().entrySet().stream()
                                .filter(entry -> entry.getValue() == weight)
                                .map(Map.Entry::getKey)
                                .findFirst()
                                .orElseThrow())
                    .toList())
        .toList();
  }
}
