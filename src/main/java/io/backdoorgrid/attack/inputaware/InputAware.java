package io.backdoorgrid.attack.inputaware;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requirePositive;
import static io.backdoorgrid.algorithm.Checks.requireShare;

import ai.djl.ndarray.NDManager;
import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.algorithm.RandomStream;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.Scale;
import io.backdoorgrid.attack.TrainingAttack;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.VictimTraining;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.Recipe;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Input-Aware dynamic backdoor (Nguyen and Tran, NeurIPS 2020): one network generates a pattern for
 * each image, another one a sparse mask through which the pattern covers the image ({@link
 * MaskedPattern}).
 *
 * <p>First the masks are learned alone: different for different images ({@link
 * Generators#diversity}) and sparse. Then victim and patterns learn together: images with their own
 * pattern and mask get the attacker's label, images with those of another image keep theirs, and
 * the rest is clean. The loss is the cross entropy of all plus the diversity of patterns.
 *
 * <p>The joint epochs, their batches, schedule and augmentation are the recipe's; the generators'
 * rate falls as the victim's does. The mask epochs are additional; their rate falls to a tenth
 * after two fifths and to a hundredth after four fifths of them, as in the authors' 25. The authors
 * take the second image of a pair from a second shuffle; here it is drawn at random, and in mask
 * epochs it is the next one in the batch, which halves their cost. The authors' and BackdoorBench's
 * code never clear the gradients of the pattern network; here each step uses its own gradients
 * alone. The output passes one tanh, as in the authors' code; BackdoorBench has two.
 *
 * <p>All papers use the original's setting; {@code hp} has target class 1, as in that paper's
 * figures.
 *
 * @param width channels of the generators' first convolution, at least 1; 32 in the paper
 * @param maskEpochs passes over the images to learn masks, at least 1; 25 in the paper
 * @param learningRate of both generators (Adam, betas 0.5 and 0.9), positive; 0.01 in the paper
 * @param lambdaDiv weight of the diversity, not negative; 1 in the paper
 * @param lambdaNorm weight of the masks' excess over the density, not negative; 100 in the paper
 * @param density of masks up to which nothing is penalized, 0 to 1; 0.032 in the paper
 * @param cross images with another's pattern per triggered one, not negative; 1 in the papers at
 *     their rate of 0.1
 * @param labels one target for all, or each class to the next
 * @param target the wanted class if all go to one
 */
@Algorithm("input-aware")
public record InputAware(
    int width,
    int maskEpochs,
    double learningRate,
    double lambdaDiv,
    double lambdaNorm,
    double density,
    double cross,
    LabelStrategy labels,
    int target)
    implements TrainingAttack {

  public static final Map<String, Map<String, Object>> PRESETS =
      Map.of(
          "backdoorbench", Map.of(),
          "clp", Map.of(),
          "hp", Map.of("target", 1),
          "lpp", Map.of());

  public InputAware {
    require(width >= 1, "width must be at least 1, got %d", width);
    require(maskEpochs >= 1, "mask-epochs must be at least 1, got %d", maskEpochs);
    requirePositive("learning-rate", learningRate);
    requireNotNegative("lambda-div", lambdaDiv);
    requireNotNegative("lambda-norm", lambdaNorm);
    requireShare("density", density);
    requireNotNegative("cross", cross);
    require(
        labels != LabelStrategy.CLEAN_LABEL,
        "labels must be all-to-one or all-to-all for input-aware");
    require(target >= 0, "target must not be negative, got %d", target);
  }

  /** The paper's setting. */
  public InputAware() {
    this(32, 25, 0.01, 1, 100, 0.032, 1, LabelStrategy.ALL_TO_ONE, 0);
  }

  private static void requireNotNegative(String name, double value) {
    require(value >= 0 && Double.isFinite(value), "%s must not be negative, got %s", name, value);
  }

  @Override
  public Goal goal() {
    return new Goal(labels, target);
  }

  @Override
  public Trigger readTrigger(ImageShape shape, SafeTensors tensors) {
    return MaskedPattern.of(shape, tensors);
  }

  @Override
  public void check(ImageShape shape, int classes) {
    TrainingAttack.super.check(shape, classes);
    MaskedPattern.requireShape(shape);
  }

  @Override
  public Trigger train(Classifier victim, VictimTraining training, RandomStream random) {
    double rate = training.poisonRate();
    require(
        rate * (1 + cross) <= 1,
        "poison-rate %s and %s times as many cover images are more than all images",
        rate,
        cross);
    LabeledImages images = training.knowledge().images();
    MaskedPattern.requireShape(images.shape());
    try (NDManager manager = victim.manager().newSubManager()) {
      Generators generators = Generators.create(manager, images.shape().channels(), width, random);
      var loop = new InputAwareTraining(this, victim, generators, manager, training, random);
      if (!training.isPast(maskEpochs)) {
        loop.learnMasks(images);
      }
      loop.plant(images);
      return new MaskedPattern(
          images.shape(), generators.pattern().weights(), generators.mask().weights());
    }
  }

  /**
   * A joint epoch generates patterns for every triggered image and for its partner, forward and
   * backward, and masks, forward alone.
   */
  @Override
  public double gigaMultiplications(Scale scale, Recipe recipe) {
    ImageShape shape = scale.shape();
    double mask = Generator.gigaMultiplications(shape, 1, width);
    double pattern = Generator.gigaMultiplications(shape, shape.channels(), width);
    double joint = 2 * scale.poisonRate() * (Scale.TRAINING_PASSES * pattern + mask);
    return scale.training(recipe.epochs())
        + scale.images() * (maskEpochs * Scale.TRAINING_PASSES * mask + recipe.epochs() * joint);
  }

  @Override
  public Optional<LabeledImages> crossTriggered(
      LabeledImages images, Trigger trigger, RandomGenerator random) {
    return Optional.of(((MaskedPattern) trigger).exchanged(images, random));
  }
}
