package io.backdoorgrid.defense.wiper;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.defense.CleanData;
import io.backdoorgrid.defense.CleanDataDefense;
import io.backdoorgrid.defense.DataSizes;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.Trainer;
import io.backdoorgrid.train.TrainingListener;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * WIPER ("Defense against backdoor attacks via identifying and purifying bad neurons"): neurons
 * that matter little for clean images are the trigger's, and fine-tuning pulls their outgoing
 * weights to 0.
 *
 * <p>A neuron's importance is its benign salience, {@code -w dL/dw} summed over its weights in the
 * layer that reads it (equation 2), with L the cross entropy on clean images. Its moving average
 * (equation 3) ranks the neurons, and the lowest share beta is marked. Each step goes down
 *
 * <pre>cross entropy + alpha * sum over the marked neurons' weights of AR(w)</pre>
 *
 * <p>(equation 7), and the marks are renewed with every batch; over the epochs, beta declines
 * linearly to 0 (equation 4). The defaults are the paper's for CIFAR-10: the inputs of the last
 * layer, alpha 0.01, beta 0.5, eta 0.9, ten epochs in batches of 128 at a constant rate of 0.01.
 * Weights move so little by that in a narrow network that the backdoor stays; with {@code momentum:
 * 0.9, alpha: 0.05, crop: 4, flip: random} that of a patch is halved or goes.
 *
 * <p>Where the print is open, or we read it differently:
 *
 * <ul>
 *   <li>Below -1 it has {@code AR(w) = -exp(-w - 1)}, which would reward such weights; we continue
 *       AR evenly ({@code regulariser: ar-printed} is the print).
 *   <li>It sums the cross entropy over the images; only with the mean do its alphas act as in its
 *       table 6 ({@code reduction: sum} is the print).
 *   <li>"Standard SGD" is taken to be without momentum and weight decay, and to move all weights.
 *   <li>Its loop from 0 to n has n + 1 passes, the last with beta 0 ({@code closing-epoch: true}).
 *   <li>Equation 3 speaks of epochs, protocol 1 renews within the loop over batches ({@code
 *       renewal}).
 *   <li>"Downstream weights" of neuron j are a layer's weights on its input j. "The last n
 *       convolutions" are those before the last layer, each with the neurons that it reads; a
 *       projection beside one is purified with it. Biases belong to no neuron.
 *   <li>"Pruning" in its table 2 is zeroing of the lowest tenth, then fine-tuning without penalty.
 * </ul>
 *
 * @param importance by which neurons are ranked; {@code bs}, or the rivals of tables 2 and 3 and
 *     section A.1, of which all but {@code gradient} know only the inputs of the last layer
 * @param treatment of the neurons that matter least
 * @param regulariser the penalty while purifying
 * @param alpha its weight, not negative; the paper sweeps 0.001 to 0.1; 0 is plain fine-tuning
 * @param beta share of the neurons marked in the first epoch, 0 to 1
 * @param pruneRatio share of the neurons that {@code treatment: prune} zeroes, 0 to 1
 * @param eta weight of the old importance in its moving average, 0 to 1
 * @param purifiedLayers {@code fc}, or {@code fc+1conv} and so on with the last convolutions
 * @param neurons what counts as a layer's neurons
 * @param moved which weights fine-tuning moves
 * @param renewal when importance is measured anew; per epoch, over all clean images
 * @param penaltyInSalience whether salience is that of the whole loss, penalty included
 * @param reduction of the cross entropy over a batch
 * @param closingEpoch whether one more epoch follows, in which beta is 0
 * @param zeroClamp whether marked weights stop at 0 where a step would change their sign
 * @param statistics by which batch-norms normalise while fine-tuning
 * @param pathPoints midpoints of the path of {@code integrated-gradient}, at least 1
 * @param permutations orders that {@code shapley} draws, at least 1
 * @param truncation distance from the full performance at which {@code shapley} ends an order, not
 *     negative
 * @param epochs passes over the clean images
 * @param batch images per step
 * @param learningRate positive, constant
 * @param momentum of SGD, 0 to below 1
 * @param weightDecay not negative
 * @param crop pixels of black border before a random crop in training, 0 for none
 * @param flip which images are mirrored in training
 */
@Algorithm("wiper")
public record Wiper(
    Importance importance,
    Treatment treatment,
    Regulariser regulariser,
    double alpha,
    double beta,
    double pruneRatio,
    double eta,
    String purifiedLayers,
    Neurons neurons,
    Moved moved,
    Renewal renewal,
    boolean penaltyInSalience,
    Reduction reduction,
    boolean closingEpoch,
    boolean zeroClamp,
    Statistics statistics,
    int pathPoints,
    int permutations,
    double truncation,
    int epochs,
    int batch,
    double learningRate,
    double momentum,
    double weightDecay,
    int crop,
    Augmentation.Flip flip)
    implements CleanDataDefense {

  private static final Pattern LAYERS = Pattern.compile("fc(?:\\+([1-9]\\d?)conv)?");

  /** Measures of a neuron's importance for clean images. */
  public enum Importance {
    /** Benign salience. */
    BS,
    /** Mean activation magnitude. */
    AM,
    /** Mean of {@code |w x|}, summed over a neuron's weights. */
    AM_WEIGHTED,
    /** Magnitude of the mean gradient, summed over a neuron's weights. */
    GRADIENT,
    /** Integrated gradients of minus the loss, from features of 0. */
    INTEGRATED_GRADIENT,
    /** Neuron Shapley, performance being minus the loss. */
    SHAPLEY,
    /** Neuron Shapley, performance being accuracy. */
    SHAPLEY_ACCURACY
  }

  /** What happens to the neurons that matter least. */
  public enum Treatment {
    /** Fine-tuning with a penalty on their weights. */
    PURIFY,
    /** Their weights become 0 and stay so in fine-tuning. */
    PRUNE
  }

  /** The neurons of a layer. */
  public enum Neurons {
    /** What it reads: a neuron's weights are a column, over all outputs. */
    INPUTS,
    /** What it writes: a neuron's weights are a row, over all inputs. */
    OUTPUTS
  }

  /** The weights that fine-tuning moves. */
  public enum Moved {
    ALL,
    /** Those of the purified layers alone. */
    LAYERS
  }

  /** When importance is measured anew. */
  public enum Renewal {
    /** With each batch, on its own gradients. */
    BATCH,
    /** After each epoch, over all clean images. */
    EPOCH
  }

  /** How the cross entropies of a batch become its loss. */
  public enum Reduction {
    MEAN,
    SUM
  }

  /** The statistics that batch-norms use while fine-tuning. */
  public enum Statistics {
    /** The batch's, which also move the running ones. */
    BATCH,
    /** The victim's running ones, left as they are. */
    FROZEN
  }

  public Wiper {
    require(alpha >= 0 && Double.isFinite(alpha), "alpha must not be negative, got %s", alpha);
    requireShare("beta", beta);
    requireShare("prune-ratio", pruneRatio);
    requireShare("eta", eta);
    require(
        LAYERS.matcher(purifiedLayers).matches(),
        "purified-layers must be fc, or such as fc+2conv, got '%s'",
        purifiedLayers);
    boolean general = importance == Importance.BS || importance == Importance.GRADIENT;
    require(
        general || purifiedLayers.equals("fc") && neurons == Neurons.INPUTS,
        "importance must be bs or gradient unless purified-layers is fc and neurons is inputs");
    require(pathPoints >= 1, "path-points must be at least 1, got %d", pathPoints);
    require(permutations >= 1, "permutations must be at least 1, got %d", permutations);
    require(truncation >= 0, "truncation must not be negative, got %s", truncation);
    // The recipe checks the other ranges.
    recipe(epochs, batch, learningRate, momentum, weightDecay, crop, flip);
  }

  private static void requireShare(String key, double value) {
    require(value >= 0 && value <= 1, "%s must be from 0 to 1, got %s", key, value);
  }

  /** The paper's setting for CIFAR-10. */
  public Wiper() {
    this(
        Importance.BS,
        Treatment.PURIFY,
        Regulariser.AR,
        0.01,
        0.5,
        0.1,
        0.9,
        "fc",
        Neurons.INPUTS,
        Moved.ALL,
        Renewal.BATCH,
        false,
        Reduction.MEAN,
        false,
        false,
        Statistics.BATCH,
        20,
        100,
        0.005,
        10,
        128,
        0.01,
        0,
        0,
        0,
        Augmentation.Flip.NONE);
  }

  @Override
  public double imagePasses(DataSizes sizes) {
    return epochs * sizes.clean();
  }

  @Override
  public void repair(Classifier victim, CleanData data) {
    LabeledImages clean = data.images();
    require(clean.size() >= 2, "WIPER needs at least 2 images, got %d", clean.size());
    RandomGenerator random = data.random("defense");
    NeuronImportance measure = measure(random);
    if (treatment == Treatment.PRUNE) {
      try (var pruning = new PruneAndTune(this, victim, clean, measure)) {
        new Trainer(recipe(), TrainingListener.NONE).train(victim, clean, random, pruning);
      }
    } else {
      try (var purification = new Purification(this, victim, clean, measure)) {
        new Trainer(recipe(), (epoch, epochs, loss) -> purification.epochDone(epoch))
            .train(victim, clean, random, purification);
      }
    }
  }

  private NeuronImportance measure(RandomGenerator random) {
    return switch (importance) {
      case BS -> new BenignSalience();
      case AM -> new ActivationMagnitude(false);
      case AM_WEIGHTED -> new ActivationMagnitude(true);
      case GRADIENT -> new GradientMagnitude();
      case INTEGRATED_GRADIENT -> new IntegratedGradient(pathPoints);
      case SHAPLEY -> new NeuronShapley(permutations, truncation, false, random);
      case SHAPLEY_ACCURACY -> new NeuronShapley(permutations, truncation, true, random);
    };
  }

  /** Beta in an epoch, counted from 0: linearly down to 0 after the last (equation 4). */
  double share(int epoch) {
    return beta * Math.max(0, 1 - (double) epoch / epochs);
  }

  /** The layers to purify, the last one first. */
  List<PurifiedLayer> layers(Classifier classifier) {
    Matcher matcher = LAYERS.matcher(purifiedLayers);
    int convolutions =
        matcher.matches() && matcher.group(1) != null ? Integer.parseInt(matcher.group(1)) : 0;
    return neurons == Neurons.INPUTS
        ? PurifiedLayer.byInputs(classifier, convolutions)
        : PurifiedLayer.byOutputs(classifier, convolutions);
  }

  private Recipe recipe() {
    int passes = epochs + (closingEpoch ? 1 : 0);
    return recipe(passes, batch, learningRate, momentum, weightDecay, crop, flip);
  }

  private static Recipe recipe(
      int epochs,
      int batch,
      double learningRate,
      double momentum,
      double weightDecay,
      int crop,
      Augmentation.Flip flip) {
    return new Recipe(
        epochs, batch, learningRate, momentum, weightDecay, RateSchedule.CONSTANT, crop, flip);
  }
}
