package io.backdoorgrid.defense.cleandata;

import static io.backdoorgrid.algorithm.Checks.require;

import ai.djl.ndarray.NDArray;
import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.defense.CleanData;
import io.backdoorgrid.defense.CleanDataDefense;
import io.backdoorgrid.defense.DataSizes;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.net.Network.Taps;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.train.Batch;
import io.backdoorgrid.train.PlainSgd;
import io.backdoorgrid.train.Trainer;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Neural Attention Distillation (NAD; Li et al., ICLR 2021): a copy of the victim is fine-tuned on
 * the clean images; then the victim is, while it also learns to look where that teacher looks.
 *
 * <p>It goes down the cross entropy plus, for each of the network's last three parts, beta times
 * the mean squared difference of {@linkplain Ops#attention attention maps} of student and teacher.
 * The teacher is in evaluation mode and stays as it is.
 *
 * <p>The parts are the last three stages of a residual network, as in the original code. (That of
 * BackdoorBench takes the average pool for the last, whose map of one position is always 1, so that
 * its third term does nothing.) The original code also cuts out a hole of three pixels; we do not.
 *
 * @param beta1 weight of the third but last part, not negative
 * @param beta2 weight of the last but one
 * @param beta3 weight of the last
 * @param teacherEpochs epochs of the teacher's fine-tuning, at least 1
 * @param sgd how both are trained
 * @param milestones epochs after which the rate falls to a tenth
 * @param augmentation how the clean images are varied
 */
@Algorithm("nad")
public record AttentionDistillation(
    double beta1,
    double beta2,
    double beta3,
    int teacherEpochs,
    PlainSgd sgd,
    List<Integer> milestones,
    Augmentation augmentation)
    implements CleanDataDefense {

  private static final int PARTS = 3;

  public static final Map<String, Map<String, Object>> PRESETS =
      Map.of(
          "backdoorbench", Map.of("epochs", 10, "batch", 256, "weight-decay", 5e-4),
          "clp", Map.of("batch", 128, "learning-rate", 0.005, "milestones", List.of()),
          "nad", Map.of(),
          "wiper", Map.of("epochs", 10, "batch", 128, "milestones", List.of(2, 4, 6, 8)));

  public AttentionDistillation {
    require(
        beta1 >= 0 && beta2 >= 0 && beta3 >= 0,
        "beta1, beta2 and beta3 must not be negative, got %s, %s and %s",
        beta1,
        beta2,
        beta3);
    require(teacherEpochs >= 1, "teacher-epochs must be at least 1, got %d", teacherEpochs);
    milestones = List.copyOf(milestones);
    sgd.recipe(milestones, augmentation); // checks them
  }

  /** The authors' setting. */
  public AttentionDistillation() {
    this(
        500,
        1000,
        1000,
        10,
        new PlainSgd(20, 64, 0.1, 0.9, 1e-4),
        List.of(2),
        new Augmentation(4, Augmentation.Flip.RANDOM));
  }

  @Override
  public double imagePasses(DataSizes sizes) {
    return (teacherEpochs + sgd.epochs() * 4 / 3.0) * sizes.clean();
  }

  @Override
  public void repair(Classifier victim, CleanData data) {
    String what = "teacher " + new Teacher(teacherEpochs, sgd, milestones, augmentation);
    SafeTensors weights = data.once(what, random -> teach(victim, data, random));
    try (Classifier teacher = Classifier.load(victim.design(), weights)) {
      List<String> stages = victim.stages();
      List<String> parts = stages.subList(Math.max(0, stages.size() - PARTS), stages.size());
      new Trainer(sgd.recipe(milestones, augmentation), data.progress("the student"))
          .train(
              victim,
              data.images(),
              data.random("defense"),
              victim.trainable(),
              batch -> loss(batch, victim.taps(parts, batch.input(), true), teacher, parts));
    }
  }

  /** On what the teacher depends. */
  private record Teacher(
      int epochs, PlainSgd sgd, List<Integer> milestones, Augmentation augmentation) {}

  private SafeTensors teach(Classifier victim, CleanData data, RandomGenerator random) {
    try (Classifier teacher = victim.copy()) {
      new Trainer(
              sgd.withEpochs(teacherEpochs).recipe(milestones, augmentation),
              data.progress("the teacher"))
          .train(teacher, data.images(), random);
      return teacher.weights();
    }
  }

  private NDArray loss(Batch batch, Taps student, Classifier teacher, List<String> parts) {
    Taps looked = Torch.withoutRecording(() -> teacher.taps(parts, batch.input(), false));
    NDArray loss = Ops.crossEntropy(student.logits(), batch.labels(), 0);
    double[] betas = {beta1, beta2, beta3};
    for (int i = 0; i < parts.size(); i++) {
      NDArray difference = difference(student.maps().get(i), looked.maps().get(i));
      loss = Ops.add(loss, Ops.scaled(difference, betas[PARTS - parts.size() + i]));
    }
    return loss;
  }

  /** The mean squared difference of the attention of two networks. */
  static NDArray difference(NDArray maps, NDArray others) {
    return Ops.meanSquaredError(Ops.attention(maps), Ops.attention(others));
  }
}
