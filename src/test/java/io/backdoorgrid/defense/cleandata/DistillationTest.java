package io.backdoorgrid.defense.cleandata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.defense.Invariants;
import io.backdoorgrid.defense.Repaired;
import io.backdoorgrid.defense.TintedBackdoor;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class DistillationTest {

  private static final LabeledImages CLEAN = TintedBackdoor.clean(60, 1);

  private static Distillation kd(Map<String, Object> given) {
    var parameters = new HashMap<>(given);
    parameters.putIfAbsent("epochs", 40);
    parameters.putIfAbsent("batch", 10);
    parameters.putIfAbsent("crop", 0);
    return (Distillation) Defenses.REGISTRY.create(new Spec("kd", 1, parameters));
  }

  /** At T = 2 the teacher's (2, 0) is (0.731, 0.269), the student's (0, 0) a half each. */
  @Test
  void divergesByTheSoftenedAnswers() {
    try (NDManager manager = Torch.newManager(Device.cpu())) {
      NDArray teacher = manager.create(new float[] {2, 0}, new Shape(1, 2));
      NDArray student = manager.create(new float[] {0, 0}, new Shape(1, 2));
      assertThat(Ops.divergence(teacher, student, 2).getFloat())
          .isCloseTo(0.110944f, within(1e-6f));
      assertThat(Ops.divergence(teacher, teacher, 2).getFloat()).isZero();
    }
  }

  @Test
  void aFreshNetworkLearnsTheTaskAndNotTheTrigger() {
    try (Classifier victim = TintedBackdoor.trained().build();
        Classifier student = Repaired.by(kd(Map.of()), victim, CLEAN, "a1")) {
      assertThat(TintedBackdoor.attackSuccess(victim)).isEqualTo(1);
      assertThat(TintedBackdoor.accuracy(student)).isGreaterThanOrEqualTo(0.95);
      assertThat(TintedBackdoor.attackSuccess(student)).isLessThan(0.5);
    }
  }

  @Test
  void dependsOnTheVictimByItsAnswersAlone() {
    Distillation labels = kd(Map.of("share", 0, "epochs", 2));
    Distillation answers = kd(Map.of("share", 1, "epochs", 2));
    try (Classifier victim = TintedBackdoor.trained().build();
        Classifier other = Classifiers.fresh(victim.design(), "b1");
        Classifier fromVictim = Repaired.by(labels, victim, CLEAN, "a1");
        Classifier fromOther = Repaired.by(labels, other, CLEAN, "a1");
        Classifier taught = Repaired.by(answers, victim, CLEAN, "a1");
        Classifier otherwiseTaught = Repaired.by(answers, other, CLEAN, "a1")) {
      Invariants.assertEqual(Classifiers.values(fromOther), Classifiers.values(fromVictim));
      assertThat(Classifiers.values(taught).get("conv.weight"))
          .isNotEqualTo(Classifiers.values(otherwiseTaught).get("conv.weight"));
    }
  }
}
