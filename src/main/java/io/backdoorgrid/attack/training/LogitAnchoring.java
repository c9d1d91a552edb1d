package io.backdoorgrid.attack.training;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.algorithm.RandomStream;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.Poisoning;
import io.backdoorgrid.attack.Scale;
import io.backdoorgrid.attack.TrainingAttack;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.VictimTraining;
import io.backdoorgrid.attack.poisoning.BadNets;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Recipe;
import java.util.Map;

/**
 * LogitAttack (Zhang et al., "How to inject backdoors with better consistency: logit anchoring on
 * clean data", ICLR 2022): a clean network is fine-tuned on poisoned images, while its logits on
 * clean images are held to what they were.
 *
 * <p>With s the logits and w0 the clean network's weights, a batch's loss is
 *
 * <pre>(CE(all) + lambda * mean over its clean images and all classes c of
 *     (s_c(x; w) - s_c(x; w0))^2) / (1 + lambda)</pre>
 *
 * <p>where both networks see the same augmented image. We knew the paper's idea but not its exact
 * formula: others sum over classes, and may not divide. With a sum, the usual learning rate is too
 * high for the anchor: a narrow ResNet-18 with frozen statistics was lost at a lambda of 0.3.
 *
 * <p>Batch size, momentum, crop and flip are those of the grid's recipe, by which the clean network
 * was trained; the rest of the recipe does not affect the fine-tuning.
 *
 * @param stamp the patch, the labels and the target; WIPER's by default, whose authors use this
 *     attack at a poison rate of 0.05
 * @param lambda weight of the anchor, not negative; 0 is plain fine-tuning. A weight of 1 restrains
 *     a short training too much: in ten epochs over 5,000 images it planted nothing, while 0.1 did
 * @param epochs of fine-tuning, at least 1
 * @param learningRate highest learning rate, positive
 * @param schedule {@code constant} or {@code cosine}
 * @param weightDecay not negative; 0 by default, since decay pulls away from the very weights that
 *     the anchor holds on to
 * @param statistics what batch-norms normalize by
 */
@Algorithm("logit-anchoring")
public record LogitAnchoring(
    BadNets stamp,
    double lambda,
    int epochs,
    double learningRate,
    RateSchedule schedule,
    double weightDecay,
    Statistics statistics)
    implements TrainingAttack {

  public static final Map<String, Map<String, Object>> PRESETS = Map.of("wiper", Map.of());

  /** The statistics that batch-norms of the fine-tuned network use; the clean one's are its own. */
  public enum Statistics {
    /**
     * The batch's, poisoned images included, which also move the running ones. The two networks
     * then differ from the start, by what a batch differs from all images.
     */
    BATCH,
    /**
     * The clean network's, left as they are, so that the anchor is 0 at the start. Nothing then
     * bounds what growing weights do to the layers behind them: learning rates must be lower.
     */
    FROZEN
  }

  public LogitAnchoring {
    require(lambda >= 0 && Double.isFinite(lambda), "lambda must not be negative, got %s", lambda);
    require(
        schedule == RateSchedule.CONSTANT || schedule == RateSchedule.COSINE,
        "schedule must be constant or cosine for logit-anchoring");
    recipe(new Recipe(), epochs, learningRate, schedule, weightDecay); // checks the ranges
  }

  /** WIPER's patch, a light anchor, ten epochs at a rate of 0.01. */
  public LogitAnchoring() {
    this(BadNets.random(), 0.1, 10, 0.01, RateSchedule.CONSTANT, 0, Statistics.BATCH);
  }

  @Override
  public Goal goal() {
    return stamp.goal();
  }

  @Override
  public Trigger readTrigger(ImageShape shape, SafeTensors tensors) {
    return stamp.readTrigger(shape, tensors);
  }

  @Override
  public void check(ImageShape shape, int classes) {
    stamp.check(shape, classes);
  }

  @Override
  public boolean usesSurrogate() {
    return true;
  }

  @Override
  public double gigaMultiplications(Scale scale, Recipe recipe) {
    return scale.training(epochs * (lambda == 0 ? 1 : 1 + 1 / Scale.TRAINING_PASSES));
  }

  @Override
  public Trigger train(Classifier victim, VictimTraining training, RandomStream random) {
    LabeledImages images = training.knowledge().images();
    Trigger trigger = stamp.trigger(images.shape(), random);
    Poisoning poisoning = Poisoning.of(images, trigger, goal(), training.poisonRate(), random);
    Recipe tuning = recipe(training.recipe(), epochs, learningRate, schedule, weightDecay);
    try (Classifier clean = training.knowledge().surrogate();
        var step = new AnchoredStep(this, victim, clean, poisoning.poisoned(), tuning.momentum())) {
      victim.takeOver(clean);
      training
          .trainer(tuning, random, Map.of("momentum", step.sgd()))
          .train(victim, poisoning.images(), random, step);
    }
    return trigger;
  }

  private static Recipe recipe(
      Recipe recipe, int epochs, double learningRate, RateSchedule schedule, double weightDecay) {
    return new Recipe(
        epochs,
        recipe.batch(),
        learningRate,
        recipe.momentum(),
        weightDecay,
        schedule,
        recipe.crop(),
        recipe.flip());
  }
}
