package io.backdoorgrid.defense.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.Predictor;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class AntiBackdoorLearningTest {

  private static final ImageShape SHAPE = new ImageShape(6, 6, 3);
  private static final int POISONED = 20;
  private static final int TARGET = 1;
  private static final Classifier.Design DESIGN =
      Classifiers.design(new TinyNet(8, 3, true), SHAPE, 3, Precision.FLOAT32);

  private static AntiBackdoorLearning abl(Map<String, Object> given) {
    var parameters = new HashMap<>(given);
    parameters.putIfAbsent("batch", 10);
    parameters.putIfAbsent("isolated", 0.1);
    parameters.putIfAbsent("isolation-epochs", 8);
    parameters.putIfAbsent("tune-epochs", 12);
    parameters.putIfAbsent("crop", 0);
    parameters.putIfAbsent("unlearn-rate", 0.002);
    return (AntiBackdoorLearning) Defenses.REGISTRY.create(new Spec("abl", 1, parameters));
  }

  /** Tinted images, the first of which are white all over and called the target. */
  private static LabeledImages poisoned() {
    LabeledImages images = ToyImages.tinted(SHAPE, 120, 3);
    Arrays.fill(images.pixels(), 0, POISONED * SHAPE.size(), (byte) 255);
    int[] labels = images.labels().clone();
    Arrays.fill(labels, 0, POISONED, TARGET);
    return new LabeledImages(SHAPE, 3, images.pixels(), labels);
  }

  private static LabeledImages white(int count) {
    return ToyImages.constant(SHAPE, 3, 255, new int[count]);
  }

  @Test
  void climbsBelowTheFloodingLevel() {
    try (NDManager manager = Torch.newManager(Device.cpu())) {
      NDArray low = manager.create(0.2f);
      NDArray high = manager.create(0.9f);
      assertThat(abl(Map.of()).flooded(low).getFloat()).isEqualTo(-0.2f);
      assertThat(abl(Map.of()).flooded(high).getFloat()).isEqualTo(0.9f);
    }
  }

  @Test
  void isolatesTheLowestLossesAndOfEqualOnesTheFirst() {
    float[] losses = {3, 1, 2, 1, 5, 1, 6, 7, 8, 9};
    assertThat(AntiBackdoorLearning.lowest(losses, 0.2)).containsExactly(1, 3);
    assertThat(AntiBackdoorLearning.lowest(losses, 0.001)).containsExactly(1);
  }

  /** All white is learned first: one image looks like the other. */
  @Test
  void isolatesWhatIsLearnedFirstAndUnlearnsIt() {
    var training = new GivenTraining(poisoned(), DESIGN);
    try (Predictor trained = abl(Map.of()).train(training)) {
      boolean[] trusted = training.trusted().get(0);
      long isolatedPoison = IntStream.range(0, POISONED).filter(i -> !trusted[i]).count();
      long isolated = IntStream.range(0, trusted.length).filter(i -> !trusted[i]).count();
      assertThat(isolated).isEqualTo(12);
      assertThat(isolatedPoison).isGreaterThanOrEqualTo(10);
      LabeledImages test = ToyImages.tinted(SHAPE, 60, 4);
      assertThat(LabeledImages.percentEqual(trained.predict(test), test.labels()))
          .isGreaterThan(90);
      assertThat(trained.predict(white(1))[0]).isNotEqualTo(TARGET);
    }
    assertThat(training.findings().counts()).containsEntry("isolated-images", 12L);
  }

  @Test
  void findsFinishedPhasesAgain() {
    var training = new GivenTraining(poisoned(), DESIGN);
    try (Predictor first = abl(Map.of("isolation-epochs", 2, "tune-epochs", 2)).train(training)) {
      assertThat(training.done()).hasSize(2);
      Map<String, float[]> weights = Classifiers.values((Classifier) first);
      try (Predictor again = abl(Map.of("isolation-epochs", 2, "tune-epochs", 2)).train(training)) {
        assertThat(training.done()).hasSize(2);
        assertThat(Classifiers.values((Classifier) again).get("conv.weight"))
            .isEqualTo(weights.get("conv.weight"));
      }
      abl(Map.of("isolation-epochs", 2, "tune-epochs", 0)).train(training).close();
      assertThat(training.done()).as("the isolation is shared").hasSize(2);
    }
  }

  @Test
  void refusesImpossibleValues() {
    assertThatThrownBy(() -> abl(Map.of("isolated", 1)))
        .hasMessage("isolated must be above 0 and below 1, got 1.0");
    assertThatThrownBy(() -> abl(Map.of("flooding", 0)))
        .hasMessage("flooding must be positive, got 0.0");
  }
}
