package io.backdoorgrid.defense.training;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.defense.DataSizes;
import io.backdoorgrid.defense.UntrustedData;
import io.backdoorgrid.defense.UntrustedDataDefense;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.SafeTensors.Tensor;
import io.backdoorgrid.train.Descent;
import io.backdoorgrid.train.PlainSgd;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Trainer;
import io.backdoorgrid.train.TrainingListener;
import java.util.Arrays;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Backdoor removal by sample distinguishment (D-BR; Chen et al., "Effective Backdoor Defense by
 * Exploiting Sensitivity of Poisoned Samples", NeurIPS 2022): the images that count as poisoned by
 * {@linkplain SampleDistinguishment their features' consistency} are unlearned, and those that
 * count as clean relearned, epoch for epoch.
 *
 * <p>Each epoch first goes once through the poisoned images, up their cross entropy, and then once
 * through the clean ones, down theirs. The authors' code keeps the epoch that did best on triggered
 * test images; BackdoorBench and we keep the last. Where clean images are taken for poison, to
 * climb their loss ruins the network: the Hölder Pruning paper prints accuracies of 10 to 15 for
 * several attacks.
 *
 * @param distinguishment how images are told apart
 * @param sgd how both passes step
 * @param augmentation how the clean images are varied
 */
@Algorithm("dbr")
public record UnlearnAndRelearn(
    SampleDistinguishment distinguishment, PlainSgd sgd, Augmentation augmentation)
    implements UntrustedDataDefense {

  private static final String CONSISTENCIES = "consistencies";

  public static final Map<String, Map<String, Object>> PRESETS =
      Map.of("dbr", Map.of(), "hp", Map.of());

  public UnlearnAndRelearn {
    require(sgd.epochs() >= 1, "epochs must be at least 1, got %d", sgd.epochs());
  }

  /** The authors' setting. */
  public UnlearnAndRelearn() {
    this(
        new SampleDistinguishment(),
        new PlainSgd(20, 128, 1e-4, 0.9, 5e-4),
        new Augmentation(4, Augmentation.Flip.RANDOM));
  }

  @Override
  public double imagePasses(DataSizes sizes) {
    double shares = distinguishment.cleanShare() + distinguishment.poisonShare();
    return (distinguishment.learnEpochs()
            + distinguishment.partEpochs()
            + 2 / 3.0
            + sgd.epochs() * shares)
        * sizes.training();
  }

  @Override
  public boolean sharesWork() {
    return true;
  }

  @Override
  public void repair(Classifier victim, UntrustedData data) {
    LabeledImages images = data.images();
    SafeTensors measured =
        data.once(
            "consistencies by " + distinguishment,
            random -> {
              float[] values =
                  distinguishment.consistencies(
                      victim.design(), images, data.progress("distinguishment"), random);
              return new SafeTensors(
                  Map.of(CONSISTENCIES, new Tensor(new long[] {values.length}, values)));
            });
    float[] consistencies = measured.tensors().get(CONSISTENCIES).values();
    int[] clean = distinguishment.clean(consistencies);
    int[] poisoned = distinguishment.poisoned(consistencies);
    data.findings().count("clean-images", clean.length);
    data.findings().count("poisoned-images", poisoned.length);
    LabeledImages unlearned = images.select(poisoned);
    LabeledImages relearned = images.select(clean);
    RandomGenerator random = data.random("defense");
    for (int epoch = 0; epoch < sgd.epochs(); epoch++) {
      pass(victim, unlearned, Augmentation.NONE, -1, random);
      pass(victim, relearned, augmentation, 1, random);
    }
    boolean[] trusted = new boolean[images.size()];
    Arrays.fill(trusted, true);
    for (int position : poisoned) {
      trusted[position] = false;
    }
    data.observe(1, victim, trusted);
  }

  /** One epoch, up or down the cross entropy. */
  private void pass(
      Classifier victim,
      LabeledImages images,
      Augmentation varied,
      int sign,
      RandomGenerator random) {
    if (images.size() < 2) {
      return; // a batch-norm needs a spread
    }
    Descent.Loss entropy = Descent.crossEntropy(victim, 0);
    new Trainer(sgd.withEpochs(1).recipe(RateSchedule.CONSTANT, varied), TrainingListener.NONE)
        .train(
            victim,
            images,
            random,
            victim.trainable(),
            batch -> Ops.scaled(entropy.of(batch), sign));
  }
}
