package io.backdoorgrid.defense.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class UnlearnAndRelearnTest {

  private static final ImageShape SHAPE = new ImageShape(6, 6, 3);
  private static final Classifier.Design DESIGN =
      Classifiers.design(new TinyNet(8, 3, true), SHAPE, 3, Precision.FLOAT32);

  private static UnlearnAndRelearn dbr(Map<String, Object> given) {
    var parameters = new HashMap<>(given);
    parameters.putIfAbsent("learn-epochs", 1);
    parameters.putIfAbsent("part-epochs", 1);
    parameters.putIfAbsent("batch", 10);
    parameters.putIfAbsent("crop", 0);
    return (UnlearnAndRelearn) Defenses.REGISTRY.create(new Spec("dbr", 1, parameters));
  }

  /** Centres (1, 0), (0, 1) and (0.6, 0.8): similarities 0, 0.6 and 0.8, each twice, over 9. */
  @Test
  void classesAreAlikeByTheirCentres() {
    try (NDManager manager = Torch.newManager(Device.cpu())) {
      NDArray features = manager.create(new float[] {2, 0, 0, 1, 0, 3, .6f, .8f}, new Shape(4, 2));
      NDArray labels = manager.create(new long[] {0, 1, 1, 2});
      assertThat(Ops.centreSimilarity(features, labels, 3).getFloat())
          .isCloseTo(.311111f, within(1e-5f));
      assertThat(Ops.centreSimilarity(features, labels, 4).getFloat())
          .as("a class without images")
          .isCloseTo(2.8f / 16, within(1e-5f));
    }
  }

  /** A quarter turn, clockwise, and a shift of one row down. */
  @Test
  void rotatesAndShifts() {
    var shape = new ImageShape(2, 2, 1);
    byte[] image = {1, 2, 3, 4};
    byte[] turned = new byte[4];
    RandomShift.shift(image, turned, 0, shape, Math.PI / 2, 0, 0);
    assertThat(turned).containsExactly(3, 1, 4, 2);
    byte[] shifted = new byte[4];
    RandomShift.shift(image, shifted, 0, shape, 0, 1, 0);
    assertThat(shifted).containsExactly(0, 0, 1, 2);
  }

  /** Of ten values the lowest two are clean; half of one rounds down to none. */
  @Test
  void theLowestCountAsCleanAndTheHighestAsPoisoned() {
    float[] values = {5, 1, 9, 2, 7, 3, 8, 4, 6, 0};
    var authors = new SampleDistinguishment();
    assertThat(authors.clean(values)).containsExactly(9, 1);
    assertThat(authors.poisoned(values)).isEmpty();
    assertThat(new SampleDistinguishment(2, 10, 0.01, 0.2, 0.3).poisoned(values))
        .containsExactly(4, 6, 2);
  }

  @Test
  void unlearnsOneAndRelearnsTheOther() {
    LabeledImages images = ToyImages.tinted(SHAPE, 100, 3);
    var training = new GivenTraining(images, DESIGN);
    try (Classifier victim = Classifiers.fresh(DESIGN, "b1")) {
      dbr(Map.of("clean-share", 0.6, "poison-share", 0.02, "learning-rate", 0.02, "epochs", 20))
          .repair(victim, training);
      LabeledImages test = ToyImages.tinted(SHAPE, 60, 4);
      assertThat(LabeledImages.percentEqual(victim.predict(test), test.labels()))
          .as("it learns from the clean ones")
          .isGreaterThan(80);
    }
    assertThat(training.findings().counts())
        .containsEntry("clean-images", 60L)
        .containsEntry("poisoned-images", 2L);
    boolean[] trusted = training.trusted().get(0);
    assertThat(IntStream.range(0, 100).filter(i -> !trusted[i]).count()).isEqualTo(2);
  }

  @Test
  void thePoisonedAreUnlearned() {
    LabeledImages images = ToyImages.tinted(SHAPE, 100, 3);
    try (Classifier victim = Classifiers.fresh(DESIGN, "b1")) {
      var training = new GivenTraining(images, DESIGN);
      dbr(Map.of("clean-share", 0.9, "poison-share", 0, "learning-rate", 0.05))
          .repair(victim, training);
      assertThat(LabeledImages.percentEqual(victim.predict(images), images.labels()))
          .isGreaterThan(90);
      dbr(Map.of("clean-share", 0, "poison-share", 1, "learning-rate", 0.05))
          .repair(victim, new GivenTraining(images, DESIGN));
      assertThat(LabeledImages.percentEqual(victim.predict(images), images.labels()))
          .isLessThan(50);
    }
  }

  @Test
  void refusesImpossibleValues() {
    assertThatThrownBy(() -> dbr(Map.of("clean-share", 0.9, "poison-share", 0.2)))
        .hasMessage(
            "clean-share and poison-share must not be negative and make at most 1, got 0.9 and 0.2");
  }
}
