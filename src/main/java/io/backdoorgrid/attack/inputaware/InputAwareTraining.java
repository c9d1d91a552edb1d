package io.backdoorgrid.attack.inputaware;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.algorithm.RandomStream;
import io.backdoorgrid.attack.VictimTraining;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.AugmentedBatches;
import io.backdoorgrid.data.batch.Batches;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.Adam;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.Sgd;
import io.backdoorgrid.torch.Stateful;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.train.Batch;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.Trainer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * One training of {@link InputAware}. Steps take raw pixels; joint ones those of a batch and then
 * of its partners ({@link PartneredBatches}).
 */
final class InputAwareTraining {

  private static final double BETA_1 = 0.5;
  private static final double BETA_2 = 0.9;

  private final InputAware attack;
  private final Classifier victim;
  private final Generators generators;
  private final VictimTraining training;
  private final Recipe recipe;
  private final RandomStream random;
  private final Sgd sgd;
  private final Adam patternAdam;
  private final Adam maskAdam;

  /** Of the joint loss: the victim's, then the pattern network's. */
  private final List<NDArray> variables;

  private final int ofVictim;

  /**
   * @param manager owns what the optimizers remember
   */
  InputAwareTraining(
      InputAware attack,
      Classifier victim,
      Generators generators,
      NDManager manager,
      VictimTraining training,
      RandomStream random) {
    this.attack = attack;
    this.victim = victim;
    this.generators = generators;
    this.training = training;
    this.recipe = training.recipe();
    this.random = random;
    this.sgd =
        new Sgd(
            manager,
            victim.trainable(),
            recipe.momentum(),
            recipe.weightDecay(),
            recipe.nesterov());
    this.patternAdam = new Adam(manager, generators.pattern().trainable(), BETA_1, BETA_2);
    this.maskAdam = new Adam(manager, generators.mask().trainable(), BETA_1, BETA_2);
    this.variables = new ArrayList<>(victim.trainable());
    this.ofVictim = variables.size();
    variables.addAll(generators.pattern().trainable());
  }

  /** Trains the mask network alone, without the victim. */
  void learnMasks(LabeledImages images) {
    train(maskRecipe(), 0, new AugmentedBatches(images, recipe.augmentation()), this::maskStep);
  }

  /** Trains victim and pattern network together. */
  void plant(LabeledImages images) {
    train(
        recipe,
        attack.maskEpochs(),
        new PartneredBatches(images, attack.goal(), training.poisonRate(), recipe.augmentation()),
        this::jointStep);
  }

  private void train(Recipe own, int first, Batches batches, Trainer.Step step) {
    Map<String, Stateful> parts =
        Map.of(
            "pattern", Stateful.of(generators.pattern().arrays()),
            "mask", Stateful.of(generators.mask().arrays()),
            "pattern-adam", patternAdam,
            "mask-adam", maskAdam,
            "momentum", sgd);
    training
        .trainer(own, random, parts, first, attack.maskEpochs() + recipe.epochs())
        .train(victim, batches, random, this::pixels, step);
  }

  private NDArray pixels(NDManager scope, ByteBuffer bytes) {
    ImageShape shape = victim.design().shape();
    int count = bytes.remaining() / shape.size();
    NDArray array =
        scope.create(
            bytes,
            new Shape(count, shape.height(), shape.width(), shape.channels()),
            DataType.UINT8);
    return Ops.cast(array, Precision.FLOAT32);
  }

  private Recipe maskRecipe() {
    int epochs = attack.maskEpochs();
    return new Recipe(
        epochs,
        recipe.batch(),
        attack.learningRate(),
        0,
        false,
        0,
        RateSchedule.MULTI_STEP,
        List.of(Math.max(1, epochs * 2 / 5), Math.max(1, epochs * 4 / 5)),
        0.1,
        recipe.warmUp(),
        0,
        recipe.crop(),
        recipe.flip(),
        0);
  }

  private float maskStep(Batch batch) {
    NDArray input = generators.read(batch.input());
    NDArray loss = Torch.recording(() -> maskLoss(input));
    maskAdam.step(loss, batch.learningRate());
    return loss.getFloat();
  }

  /** The partner of an image is the next one in the batch. */
  private NDArray maskLoss(NDArray input) {
    NDArray masks = generators.masks(input, true);
    NDArray diversity = Generators.diversity(input, next(input), masks, next(masks));
    NDArray excess = Generators.excess(masks, attack.density());
    return Ops.add(
        Ops.scaled(excess, attack.lambdaNorm()), Ops.scaled(diversity, attack.lambdaDiv()));
  }

  private static NDArray next(NDArray array) {
    int count = (int) array.getShape().get(0);
    return rows(array, IntStream.range(0, count).map(i -> (i + 1) % count));
  }

  private float jointStep(Batch batch) {
    NDArray pixels = batch.input();
    NDArray labels = batch.labels();
    double rate = batch.learningRate();
    int count = batch.images();
    int triggered = (int) pixels.getShape().get(0) - count;
    if (triggered == 0) {
      NDArray loss = Torch.recording(() -> crossEntropy(pixels, labels));
      sgd.step(loss, rate);
      return loss.getFloat();
    }
    NDArray sources = rows(pixels, 0, triggered).concat(rows(pixels, count, count + triggered));
    NDArray input = generators.read(sources);
    NDArray masks = generators.masks(input, false);
    NDArray images = rows(pixels, 0, count);
    NDArray loss = Torch.recording(() -> jointLoss(images, labels, sources, input, masks));
    List<NDArray> gradients = Ops.gradients(loss, variables);
    sgd.step(gradients.subList(0, ofVictim), rate);
    patternAdam.step(
        gradients.subList(ofVictim, gradients.size()),
        attack.learningRate() * rate / recipe.learningRate());
    return loss.getFloat();
  }

  /**
   * @param sources the images to be triggered, and their partners
   */
  private NDArray jointLoss(
      NDArray batch, NDArray labels, NDArray sources, NDArray input, NDArray masks) {
    int triggered = (int) sources.getShape().get(0) / 2;
    int covers = covers(attack.cross(), triggered, (int) labels.size());
    NDArray patterns = generators.patterns(input, true);
    NDArray diversity =
        Generators.diversity(
            rows(sources, 0, triggered),
            rows(sources, triggered, 2 * triggered),
            rows(patterns, 0, triggered),
            rows(patterns, triggered, 2 * triggered));
    return Ops.add(
        crossEntropy(mixed(batch, patterns, masks, covers), labels),
        Ops.scaled(diversity, attack.lambdaDiv()));
  }

  /** How many images of a batch get another's pattern. */
  static int covers(double cross, int triggered, int count) {
    return (int) Math.min(Math.round(cross * triggered), count - triggered);
  }

  /**
   * A batch with triggers: first images with their own pattern, then cover images with a partner's
   * pattern, then clean ones.
   *
   * @param patterns of the images to be triggered, then of as many partners; likewise masks
   */
  static NDArray mixed(NDArray batch, NDArray patterns, NDArray masks, int covers) {
    int count = (int) batch.getShape().get(0);
    int triggered = (int) patterns.getShape().get(0) / 2;
    int changed = triggered + covers;
    // As many covers as partners, as a rule; if there are more, they begin with the first again.
    int[] made =
        IntStream.range(0, changed)
            .map(i -> i < triggered ? i : triggered + i % triggered)
            .toArray();
    NDArray mixed =
        Generators.blend(
            rows(batch, 0, changed),
            rows(patterns, IntStream.of(made)),
            rows(masks, IntStream.of(made)));
    return changed == count ? mixed : mixed.concat(rows(batch, changed, count));
  }

  private NDArray crossEntropy(NDArray pixels, NDArray labels) {
    return Ops.crossEntropy(
        victim.logits(victim.input(pixels), true), labels, recipe.labelSmoothing());
  }

  private static NDArray rows(NDArray array, int from, int to) {
    return rows(array, IntStream.range(from, to));
  }

  private static NDArray rows(NDArray array, IntStream positions) {
    long[] values = positions.asLongStream().toArray();
    return Ops.rows(array, array.getManager().create(values));
  }
}
