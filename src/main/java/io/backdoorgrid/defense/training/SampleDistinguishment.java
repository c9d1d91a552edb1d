package io.backdoorgrid.defense.training;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requirePositive;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.algorithm.Order;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.train.PlainSgd;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.Trainer;
import io.backdoorgrid.train.TrainingListener;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The first half of D-ST and D-BR: tells clean from poisoned images by their feature consistency
 * towards transformations (FCT), the mean squared change of an image's features when it is rotated
 * and shifted. A trigger moves with the image, and its features with it.
 *
 * <p>A network is trained for few epochs on all images, without augmentation, and then goes down
 * {@link Ops#centreSimilarity} alone, which parts the classes. The lowest FCTs count as clean, the
 * highest as poisoned, and what lies between as neither.
 *
 * @param learnEpochs of plain training, at least 1
 * @param partEpochs of parting the classes, not negative
 * @param distinguishRate learning rate of both, positive
 * @param cleanShare of the images that counts as clean, from 0 to below 1
 * @param poisonShare of them that counts as poisoned, from 0 to below 1
 */
public record SampleDistinguishment(
    int learnEpochs,
    int partEpochs,
    double distinguishRate,
    double cleanShare,
    double poisonShare) {

  private static final int BATCH = 128;
  private static final RandomShift CHANGE = new RandomShift(180, 0.2);

  public SampleDistinguishment {
    require(learnEpochs >= 1, "learn-epochs must be at least 1, got %d", learnEpochs);
    require(partEpochs >= 0, "part-epochs must not be negative, got %d", partEpochs);
    requirePositive("distinguish-rate", distinguishRate);
    require(
        cleanShare >= 0 && poisonShare >= 0 && cleanShare + poisonShare <= 1,
        "clean-share and poison-share must not be negative and make at most 1, got %s and %s",
        cleanShare,
        poisonShare);
  }

  /** The authors' setting. */
  public SampleDistinguishment() {
    this(2, 10, 0.01, 0.2, 0.05);
  }

  /** The FCT of each image. */
  float[] consistencies(
      Classifier.Design design,
      LabeledImages images,
      TrainingListener listener,
      RandomGenerator random) {
    try (Classifier network = Classifier.create(design, random)) {
      new Trainer(recipe(learnEpochs), listener).train(network, images, random);
      if (partEpochs > 0) {
        new Trainer(recipe(partEpochs), listener)
            .train(
                network,
                images,
                random,
                network.featureWeights(),
                batch ->
                    Ops.centreSimilarity(
                        Ops.cast(network.features(batch.input(), true), Precision.FLOAT32),
                        batch.labels(),
                        images.classes()));
      }
      return changes(network, images, CHANGE.of(images, random));
    }
  }

  private Recipe recipe(int epochs) {
    return new PlainSgd(epochs, BATCH, distinguishRate, 0.9, 5e-4)
        .recipe(RateSchedule.CONSTANT, Augmentation.NONE);
  }

  private static float[] changes(
      Classifier network, LabeledImages images, LabeledImages transformed) {
    try (NDManager scope = network.manager().newSubManager()) {
      NDArray before = network.features(scope, images);
      NDArray after = network.features(scope, transformed);
      return before.sub(after).square().mean(new int[] {1}).toFloatArray();
    }
  }

  /** The positions of the share with the lowest FCTs; of equal ones the first. */
  int[] clean(float[] consistencies) {
    int[] order = Order.ascending(consistencies);
    return Arrays.copyOf(order, (int) (cleanShare * order.length));
  }

  /** The positions of the share with the highest. */
  int[] poisoned(float[] consistencies) {
    int[] order = Order.ascending(consistencies);
    return Arrays.copyOfRange(
        order, order.length - (int) (poisonShare * order.length), order.length);
  }
}
