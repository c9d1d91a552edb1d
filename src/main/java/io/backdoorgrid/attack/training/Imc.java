package io.backdoorgrid.attack.training;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requirePositive;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.algorithm.RandomStream;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.Scale;
import io.backdoorgrid.attack.TrainingAttack;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.VictimTraining;
import io.backdoorgrid.attack.poisoning.Trojan;
import io.backdoorgrid.attack.trigger.Corner;
import io.backdoorgrid.attack.trigger.Overlay;
import io.backdoorgrid.attack.trigger.Patch;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Recipe;
import java.util.Map;

/**
 * IMC, input-model co-optimization (Pang et al., "A Tale of Evil Twins: Adversarial Inputs versus
 * Poisoned Models", CCS 2020): trigger and network are optimized in turn.
 *
 * <p>It begins with a clean network and a mark of noise in a corner. Before each epoch the mark is
 * optimized so that the frozen network predicts what the attacker wants ({@link MarkLearning});
 * then the network is trained for an epoch on the clean images and on copies with the mark. Batch,
 * momentum, weight decay, crop and flip are the grid's; epochs and learning rate are the attack's,
 * and the rate is constant.
 *
 * <p>The paper minimizes one loss over both, with terms for fidelity and specificity; this is its
 * authors' procedure in TrojanZoo, whose settings are the defaults but for the first mark: there it
 * is optimized as {@link Trojan}'s, while the paper and WIPER begin with noise. TrojanZoo's poison
 * rate is 1 %; WIPER prints none for this attack and has 5 % elsewhere.
 *
 * @param epochs of the network, at least 1; 10 in TrojanZoo's example
 * @param learningRate of the network, positive; 0.01 there
 * @param remask passes over the training images that optimize the mark before each epoch, not
 *     negative; 1 in TrojanZoo's code, 20 by its documentation. Below 1, a part of the images is
 *     drawn anew each time; at 0 the noise stays
 * @param markLearningRate of Adam on the mark, positive; 0.1 in TrojanZoo
 * @param patch size and corner of the mark; 3 at the top left in TrojanZoo
 * @param labels one target for all, or each class to the next
 * @param target the wanted class if all go to one
 */
@Algorithm("imc")
public record Imc(
    int epochs,
    double learningRate,
    double remask,
    double markLearningRate,
    Patch patch,
    LabelStrategy labels,
    int target)
    implements TrainingAttack {

  public static final Map<String, Map<String, Object>> PRESETS = Map.of("wiper", Map.of());

  public Imc {
    require(epochs >= 1, "epochs must be at least 1, got %d", epochs);
    requirePositive("learning-rate", learningRate);
    require(remask >= 0 && Double.isFinite(remask), "remask must not be negative, got %s", remask);
    requirePositive("mark-learning-rate", markLearningRate);
    require(labels != LabelStrategy.CLEAN_LABEL, "labels must be all-to-one or all-to-all for imc");
    require(target >= 0, "target must not be negative, got %d", target);
  }

  /** TrojanZoo's setting. */
  public Imc() {
    this(10, 0.01, 1, 0.1, new Patch(3, Corner.TOP_LEFT), LabelStrategy.ALL_TO_ONE, 0);
  }

  @Override
  public Goal goal() {
    return new Goal(labels, target);
  }

  @Override
  public Trigger readTrigger(ImageShape shape, SafeTensors tensors) {
    return Overlay.of(shape, tensors);
  }

  @Override
  public void check(ImageShape shape, int classes) {
    TrainingAttack.super.check(shape, classes);
    patch.on(shape);
  }

  @Override
  public boolean usesSurrogate() {
    return true;
  }

  @Override
  public Trigger train(Classifier victim, VictimTraining training, RandomStream random) {
    Recipe recipe = training.recipe();
    LabeledImages images = training.knowledge().images();
    try (Classifier surrogate = training.knowledge().surrogate()) {
      victim.takeOver(surrogate);
    }
    var mark =
        new MarkLearning(
            victim, images, goal(), patch.on(images.shape()), remask, markRecipe(recipe), random);
    var batches =
        new AppendedBatches(
            images, goal(), training.poisonRate(), recipe.augmentation(), mark::learn);
    training
        .trainer(recipe(epochs, learningRate, recipe), random, Map.of("mark", mark))
        .train(victim, batches, random);
    return batches.trigger();
  }

  /** The triggered copies come on top: 11 % of an epoch at a poison rate of 10 %. */
  @Override
  public double gigaMultiplications(Scale scale, Recipe recipe) {
    return scale.training(epochs * (1 + remask * Scale.INPUT_PASSES / Scale.TRAINING_PASSES));
  }

  private Recipe markRecipe(Recipe grid) {
    return recipe(Math.max(1, (int) Math.ceil(remask)), markLearningRate, grid);
  }

  private static Recipe recipe(int epochs, double learningRate, Recipe grid) {
    return new Recipe(
        epochs,
        grid.batch(),
        learningRate,
        grid.momentum(),
        grid.weightDecay(),
        RateSchedule.CONSTANT,
        grid.crop(),
        grid.flip());
  }
}
