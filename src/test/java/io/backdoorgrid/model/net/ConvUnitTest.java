package io.backdoorgrid.model.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.torch.Conv2d;
import io.backdoorgrid.torch.ConvNorm;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.TorchThread;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TorchThread.class)
class ConvUnitTest {

  private static final ImageShape SHAPE = new ImageShape(16, 16, 3);
  private static final LabeledImages IMAGES = ToyImages.random(SHAPE, 10, 3, 1);

  /** Stages of 4, 8, 16 and 32 channels on maps of 16, 8, 4 and 2 pixels. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void showsWhatEveryUnitReads(boolean preActivated) {
    try (Classifier classifier = classifier(preActivated);
        NDManager scope = classifier.manager().newSubManager()) {
      Map<String, NDArray> seen = observed(classifier, scope, false);
      assertThat(seen.keySet())
          .containsExactlyInAnyOrderElementsOf(
              classifier.units().stream().map(ConvUnit::name).toList());
      assertShape(seen, "conv1", 3, 16);
      assertShape(seen, "layer1.0.conv1", 4, 16);
      assertShape(seen, "layer2.0.conv1", 4, 16);
      assertShape(seen, "layer2.0.shortcut.0", 4, 16);
      assertShape(seen, "layer2.0.conv2", 8, 8);
      assertShape(seen, "layer4.1.conv2", 32, 2);
    }
  }

  private static void assertShape(
      Map<String, NDArray> seen, String unit, long channels, long edge) {
    assertThat(seen.get(unit).getShape().getShape()).containsExactly(3, channels, edge, edge);
  }

  @Test
  void showsWhatIsReadWhileTraining() {
    try (Classifier classifier = classifier(false);
        NDManager scope = classifier.manager().newSubManager()) {
      assertThat(observed(classifier, scope, true)).hasSize(20);
    }
  }

  /** In both networks, the second convolution of a block reads the first unit, rectified. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatAUnitMakesOfItIsWhatTheNextReads(boolean preActivated) {
    try (Classifier classifier = classifier(preActivated);
        NDManager scope = classifier.manager().newSubManager()) {
      Map<String, NDArray> seen = observed(classifier, scope, false);
      for (ConvUnit unit : classifier.units()) {
        if (unit.name().endsWith(".conv1")) {
          NDArray next = seen.get(unit.name().replace(".conv1", ".conv2"));
          NDArray rectified =
              new ConvNorm(unit.conv(), unit.norm().orElseThrow())
                  .applyRelu(seen.get(unit.name()), false);
          assertThat(rectified.toFloatArray()).as(unit.name()).isEqualTo(next.toFloatArray());
        }
      }
    }
  }

  /** The last block's two units and its shortcut make the features, and these the logits. */
  @Test
  void whatTheLastUnitsReadGivesTheNetworksOutput() {
    try (Classifier classifier = classifier(false);
        NDManager scope = classifier.manager().newSubManager()) {
      Map<String, NDArray> seen = observed(classifier, scope, false);
      ConvUnit last = classifier.units().get(classifier.units().size() - 1);
      assertThat(last.name()).isEqualTo("layer4.1.conv2");
      NDArray maps =
          new ConvNorm(last.conv(), last.norm().orElseThrow())
              .applyAddRelu(seen.get("layer4.1.conv2"), seen.get("layer4.1.conv1"), false);
      NDArray logits = classifier.head().apply(Ops.globalAveragePool(maps));
      assertThat(logits.toFloatArray()).isEqualTo(Classifiers.logits(classifier, IMAGES));
    }
  }

  @Test
  void doesNotShowWhatTheObserverComputesItself() {
    try (Classifier classifier = classifier(true)) {
      int[] shown = {0};
      ConvUnit unit = classifier.units().get(0);
      Conv2d.Watch observation =
          unit.observe(
              input -> {
                shown[0]++;
                unit.conv().apply(input).close();
              });
      Classifiers.logits(classifier, IMAGES);
      Classifiers.logits(classifier, IMAGES);
      observation.close();
      Classifiers.logits(classifier, IMAGES);
      assertThat(shown[0]).isEqualTo(2);
    }
  }

  @Test
  void showsToOneObserverAtATime() {
    try (Classifier classifier = classifier(true)) {
      ConvUnit unit = classifier.units().get(0);
      Conv2d.Watch first = unit.observe(input -> {});
      assertThatThrownBy(() -> unit.observe(input -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("this convolution is observed already");
      first.close();
      unit.observe(input -> {}).close();
    }
  }

  private static Classifier classifier(boolean preActivated) {
    Architecture architecture = preActivated ? new PreActResNet18(4) : new ResNet18(4);
    return Classifiers.fresh(Classifiers.design(architecture, SHAPE, 10, Precision.FLOAT32), "a1");
  }

  /** The arrays of one pass, which live as long as {@code scope} does. */
  private static Map<String, NDArray> observed(
      Classifier classifier, NDManager scope, boolean training) {
    var seen = new LinkedHashMap<String, NDArray>();
    List<Conv2d.Watch> observations = new ArrayList<>();
    for (ConvUnit unit : classifier.units()) {
      observations.add(unit.observe(input -> seen.put(unit.name(), input)));
    }
    var input = classifier.input(scope, ByteBuffer.wrap(IMAGES.pixels()));
    classifier.logits(input, training);
    observations.forEach(Conv2d.Watch::close);
    return seen;
  }
}
