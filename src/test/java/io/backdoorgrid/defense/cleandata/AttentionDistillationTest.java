package io.backdoorgrid.defense.cleandata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.defense.Invariants;
import io.backdoorgrid.defense.Repaired;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.ResNet18;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import io.backdoorgrid.train.PlainSgd;
import io.backdoorgrid.train.RateSchedule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class AttentionDistillationTest {

  private static final ImageShape SHAPE = new ImageShape(6, 6, 3);
  private static final LabeledImages CLEAN = ToyImages.tinted(SHAPE, 40, 1);
  private static final Classifier.Design DESIGN =
      Classifiers.design(new TinyNet(8, 3, true), SHAPE, 3, Precision.FLOAT32);
  private static final float[] MAPS = {1, 2, 3, 4, 0, 1, 1, 0};

  private static AttentionDistillation nad(Map<String, Object> given) {
    var parameters = new HashMap<>(given);
    parameters.putIfAbsent("teacher-epochs", 2);
    parameters.putIfAbsent("epochs", 2);
    parameters.putIfAbsent("batch", 8);
    parameters.putIfAbsent("crop", 1);
    parameters.putIfAbsent("milestones", List.of());
    return (AttentionDistillation) Defenses.REGISTRY.create(new Spec("nad", 1, parameters));
  }

  private static Map<String, float[]> repaired(AttentionDistillation nad) {
    try (Classifier victim = Classifiers.fresh(DESIGN, "b1");
        Classifier repaired = Repaired.by(nad, victim, CLEAN, "a1")) {
      return Classifiers.values(repaired);
    }
  }

  /** Squares summed over two channels are 1, 5, 10, 16; their Euclidean norm is 19.545. */
  @Test
  void attentionIsWhereTheSquaresAreLarge() {
    try (NDManager manager = Torch.newManager(ai.djl.Device.cpu())) {
      NDArray maps = manager.create(MAPS, new Shape(1, 2, 2, 2));
      assertThat(Ops.attention(maps).toFloatArray())
          .containsExactly(new float[] {.051164f, .255822f, .511645f, .818631f}, within(1e-5f));
      assertThat(Ops.attention(maps.mul(7)).toFloatArray())
          .as("the scale does not matter")
          .containsExactly(Ops.attention(maps).toFloatArray(), within(1e-6f));
      NDArray even = manager.ones(new Shape(1, 3, 2, 2));
      assertThat(AttentionDistillation.difference(maps, even).getFloat())
          .isCloseTo(.090684f, within(1e-5f));
      assertThat(AttentionDistillation.difference(maps, maps).getFloat()).isZero();
    }
  }

  @Test
  void looksAtTheLastThreeStages() {
    var small = Classifiers.design(new ResNet18(2), new ImageShape(8, 8, 3), 3, Precision.FLOAT32);
    try (Classifier classifier = Classifiers.fresh(small, "b1");
        Classifier tiny = Classifiers.fresh(DESIGN, "b1")) {
      assertThat(classifier.stages()).containsExactly("layer1", "layer2", "layer3", "layer4");
      assertThat(tiny.stages()).containsExactly("conv");
    }
  }

  @Test
  void isFineTuningWithoutAttention() {
    var plain =
        new FineTuning(
            new PlainSgd(2, 8, 0.1, 0.9, 1e-4),
            RateSchedule.CONSTANT,
            new Augmentation(1, Augmentation.Flip.RANDOM));
    try (Classifier victim = Classifiers.fresh(DESIGN, "b1");
        Classifier tuned = Repaired.by(plain, victim, CLEAN, "a1")) {
      Invariants.assertEqual(
          repaired(nad(Map.of("beta1", 0, "beta2", 0, "beta3", 0))), Classifiers.values(tuned));
    }
  }

  @Test
  void attentionChangesTheResult() {
    assertThat(repaired(nad(Map.of())).get("conv.weight"))
        .isNotEqualTo(repaired(nad(Map.of("beta3", 0))).get("conv.weight"));
  }

  @Test
  void learnsFromTheCleanImages() {
    LabeledImages test = ToyImages.tinted(SHAPE, 60, 2);
    try (Classifier victim = Classifiers.fresh(DESIGN, "b1");
        Classifier repaired =
            Repaired.by(nad(Map.of("teacher-epochs", 20, "epochs", 20)), victim, CLEAN, "a1")) {
      assertThat(victim.predict(test)).isNotEqualTo(test.labels());
      assertThat(repaired.predict(test)).isEqualTo(test.labels());
    }
  }
}
