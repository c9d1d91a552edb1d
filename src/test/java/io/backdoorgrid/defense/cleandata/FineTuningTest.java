package io.backdoorgrid.defense.cleandata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.data.batch.Augmentation.Flip;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.defense.GivenImages;
import io.backdoorgrid.defense.Invariants;
import io.backdoorgrid.defense.Repaired;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.TorchThread;
import io.backdoorgrid.train.PlainSgd;
import io.backdoorgrid.train.RateSchedule;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class FineTuningTest {

  private static final ImageShape SHAPE = new ImageShape(6, 6, 3);
  private static final LabeledImages CLEAN = ToyImages.tinted(SHAPE, 40, 1);
  private static final Classifier.Design DESIGN =
      Classifiers.design(new TinyNet(8, 3, true), SHAPE, 3, Precision.FLOAT32);

  @Test
  void hasTheClpPapersSettingByDefault() {
    assertThat(new FineTuning())
        .isEqualTo(
            new FineTuning(
                new PlainSgd(20, 128, 0.005, 0.9, 5e-4),
                RateSchedule.CONSTANT,
                new Augmentation(4, Flip.RANDOM)));
  }

  @Test
  void givesTheSameWeightsForTheSameSeed() {
    Map<String, float[]> first = repaired(fineTuning(2, 0.1), "a1");
    Invariants.assertEqual(repaired(fineTuning(2, 0.1), "a1"), first);
    assertThat(repaired(fineTuning(2, 0.1), "a2").get("conv.weight"))
        .isNotEqualTo(first.get("conv.weight"));
  }

  @Test
  void changesNothingButStatisticsAtATinyLearningRate() {
    Map<String, float[]> victim;
    try (Classifier classifier = Classifiers.fresh(DESIGN, "b1")) {
      victim = Classifiers.values(classifier);
    }
    repaired(fineTuning(2, 1e-10), "a1")
        .forEach(
            (name, values) -> {
              if (name.contains("running")) {
                assertThat(values).as(name).isNotEqualTo(victim.get(name));
              } else {
                assertThat(values).as(name).containsExactly(victim.get(name), within(1e-6f));
              }
            });
  }

  @Test
  void learnsFromTheCleanImages() {
    LabeledImages test = ToyImages.tinted(SHAPE, 60, 2);
    try (Classifier victim = Classifiers.fresh(DESIGN, "b1");
        Classifier repaired = Repaired.by(fineTuning(20, 0.1), victim, CLEAN, "a1")) {
      assertThat(victim.predict(test)).isNotEqualTo(test.labels());
      assertThat(repaired.predict(test)).isEqualTo(test.labels());
    }
  }

  @Test
  void refusesImpossibleValues() {
    assertThatThrownBy(
            () -> Defenses.REGISTRY.create(new Spec("ft", 1, Map.of("learning-rate", 0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("learning-rate must be positive, got 0.0");
    assertThatThrownBy(() -> Defenses.REGISTRY.create(new Spec("ft", 1, Map.of("epochs", 0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("epochs must be at least 1, got 0");
  }

  @Test
  void refusesTooFewImages() {
    try (Classifier victim = Classifiers.fresh(DESIGN, "b1")) {
      LabeledImages one = CLEAN.select(new int[] {0});
      assertThatThrownBy(() -> new FineTuning().repair(victim, new GivenImages(one, "a1")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("training needs at least 2 images, got 1");
    }
  }

  private static FineTuning fineTuning(int epochs, double learningRate) {
    return new FineTuning(
        new PlainSgd(epochs, 8, learningRate, 0.9, 5e-4),
        RateSchedule.CONSTANT,
        new Augmentation(1, Flip.RANDOM));
  }

  /** Also asserts that the victim was left alone. */
  private static Map<String, float[]> repaired(FineTuning fineTuning, String seed) {
    try (Classifier victim = Classifiers.fresh(DESIGN, "b1")) {
      Map<String, float[]> before = Classifiers.values(victim);
      try (Classifier repaired = Repaired.by(fineTuning, victim, CLEAN, seed)) {
        Invariants.assertEqual(Classifiers.values(victim), before);
        return Classifiers.values(repaired);
      }
    }
  }
}
