package io.backdoorgrid.defense.wiper;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requireShare;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.defense.CleanData;
import io.backdoorgrid.defense.CleanDataDefense;
import io.backdoorgrid.defense.DataSizes;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.train.PlainSgd;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.Trainer;
import io.backdoorgrid.train.TrainingListener;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * WIPER ("Defense against backdoor attacks via identifying and purifying bad neurons"): neurons
 * that matter little for clean images are considered the trigger's, and fine-tuning pulls their
 * outgoing weights to 0.
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
 * With these, the weights of a narrow network move so little that the backdoor stays; {@code
 * momentum: 0.9, alpha: 0.05, crop: 4, flip: random} halves or removes that of a patch.
 *
 * <p>Where the paper is open, or we read it differently:
 *
 * <ul>
 *   <li>Below -1 it has {@code AR(w) = -exp(-w - 1)}, which would reward such weights; we continue
 *       AR evenly ({@code regularizer: ar-printed} is the print).
 *   <li>It sums the cross entropy over the images; only with the mean do its alphas act as in its
 *       table 6 ({@code reduction: sum} is the print).
 *   <li>"Standard SGD" is taken to be without weight decay, and to move all weights.
 *   <li>Its loop from 0 to n has n + 1 passes, the last with beta 0 ({@code closing-epoch: true}).
 *   <li>Equation 3 speaks of epochs, protocol 1 renews within the loop over batches ({@code
 *       renewal}).
 *   <li>"Downstream weights" of neuron j are a layer's weights on its input j. "The last n
 *       convolutions" are those before the last layer, each with the neurons that it reads; a
 *       projection beside one is purified with it. Biases belong to no neuron.
 *   <li>"Pruning" in its table 2 is zeroing of the lowest tenth, then fine-tuning without penalty.
 * </ul>
 *
 * @param ranking how important each neuron is for clean images
 * @param treatment what happens to the least important neurons
 * @param penalty on their weights while purifying
 * @param beta share of the neurons marked in the first epoch, 0 to 1
 * @param pruneRatio share of the neurons that {@code treatment: prune} zeroes, 0 to 1
 * @param part the layers whose neurons are ranked, and the weights that fine-tuning moves
 * @param steps what the paper leaves open
 * @param sgd how fine-tuning steps, at a constant rate
 * @param augmentation how the clean images are varied
 */
@Algorithm("wiper")
public record Wiper(
    Ranking ranking,
    Treatment treatment,
    Penalty penalty,
    double beta,
    double pruneRatio,
    PurifiedPart part,
    StepOptions steps,
    PlainSgd sgd,
    Augmentation augmentation)
    implements CleanDataDefense {

  /** As the print can be read to the letter. */
  public static final Map<String, Map<String, Object>> PRESETS =
      Map.of("print", Map.of("momentum", 0));

  /** What happens to the least important neurons. */
  public enum Treatment {
    /** Fine-tuning with a penalty on their weights. */
    PURIFY,
    /** Their weights become 0 and stay so in fine-tuning. */
    PRUNE
  }

  public Wiper {
    requireShare("beta", beta);
    requireShare("prune-ratio", pruneRatio);
    require(
        ranking.knowsAllLayers() || part.isInputsOfTheHead(),
        "importance must be bs or gradient unless purified-layers is fc and neurons is inputs");
  }

  /** The paper's setting for CIFAR-10, with momentum. */
  public Wiper() {
    this(
        new Ranking(),
        Treatment.PURIFY,
        new Penalty(Regularizer.AR, 0.01),
        0.5,
        0.1,
        new PurifiedPart(),
        new StepOptions(),
        new PlainSgd(10, 128, 0.01, 0.9, 0),
        Augmentation.NONE);
  }

  @Override
  public double imagePasses(DataSizes sizes) {
    return sgd.epochs() * sizes.clean();
  }

  @Override
  public void repair(Classifier victim, CleanData data) {
    LabeledImages clean = data.images();
    require(clean.size() >= 2, "WIPER needs at least 2 images, got %d", clean.size());
    RandomGenerator random = data.random("defense");
    NeuronImportance measure = ranking.measure(random);
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

  /** Beta in an epoch, counted from 0: linearly down to 0 after the last (equation 4). */
  double share(int epoch) {
    return beta * Math.max(0, 1 - (double) epoch / sgd.epochs());
  }

  private Recipe recipe() {
    PlainSgd loop = steps.closingEpoch() ? sgd.withEpochs(sgd.epochs() + 1) : sgd;
    return loop.recipe(RateSchedule.CONSTANT, augmentation);
  }
}
