package io.backdoorgrid.defense.cleandata;

import static io.backdoorgrid.algorithm.Checks.requirePositive;
import static io.backdoorgrid.algorithm.Checks.requireShare;

import ai.djl.ndarray.NDArray;
import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.defense.CleanData;
import io.backdoorgrid.defense.CleanDataDefense;
import io.backdoorgrid.defense.DataSizes;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.train.Batch;
import io.backdoorgrid.train.PlainSgd;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Trainer;
import java.util.Map;

/**
 * Knowledge distillation (KD; Yoshida and Fujino, "Disabling Backdoor and Identifying Poison Data
 * by using Knowledge Distillation in Backdoor Attacks on Deep Neural Networks", AISec 2020): a
 * fresh network of the same kind learns the victim's answers on the clean images, among which there
 * is no trigger to answer to.
 *
 * <p>It goes down {@code (1 - share) * CE(student, labels) + share * T^2 * KL(teacher, student)},
 * with the logits of both divided by the temperature T within KL (appendix A.4 of the WIPER paper;
 * T^2, which keeps the two gradients on one scale, is Hinton's and not printed there). The paper
 * names no optimizer; ours is SGD at 0.1, which declines along a cosine. That few images make no
 * good network: the WIPER paper prints an accuracy of 51 on CIFAR-10.
 *
 * @param share of the teacher's answers in the loss, 0 to 1; the rest is the labels'
 * @param temperature T, positive
 * @param sgd how the student is trained
 * @param augmentation how the clean images are varied
 */
@Algorithm("kd")
public record Distillation(
    double share, double temperature, PlainSgd sgd, Augmentation augmentation)
    implements CleanDataDefense {

  public static final Map<String, Map<String, Object>> PRESETS = Map.of("wiper", Map.of());

  public Distillation {
    requireShare("share", share);
    requirePositive("temperature", temperature);
  }

  /** The WIPER paper's setting. */
  public Distillation() {
    this(
        0.5,
        2,
        new PlainSgd(50, 128, 0.1, 0.9, 1e-4),
        new Augmentation(4, Augmentation.Flip.RANDOM));
  }

  @Override
  public double imagePasses(DataSizes sizes) {
    return sgd.epochs() * 4 / 3.0 * sizes.clean();
  }

  @Override
  public void repair(Classifier victim, CleanData data) {
    try (Classifier student = Classifier.create(victim.design(), data.random("weights"))) {
      new Trainer(sgd.recipe(RateSchedule.COSINE, augmentation), data.progress("the student"))
          .train(
              student,
              data.images(),
              data.random("defense"),
              student.trainable(),
              batch -> loss(batch, victim, student));
      victim.takeOver(student);
    }
  }

  private NDArray loss(Batch batch, Classifier teacher, Classifier student) {
    NDArray answers = Torch.withoutRecording(() -> teacher.logits(batch.input(), false));
    NDArray logits = student.logits(batch.input(), true);
    NDArray labels = Ops.crossEntropy(logits, batch.labels(), 0);
    NDArray divergence = Ops.divergence(answers, logits, temperature);
    return Ops.add(
        Ops.scaled(labels, 1 - share), Ops.scaled(divergence, share * temperature * temperature));
  }
}
