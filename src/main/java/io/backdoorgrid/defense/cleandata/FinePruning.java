package io.backdoorgrid.defense.cleandata;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requireProperShare;
import static io.backdoorgrid.algorithm.Checks.requireShare;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.algorithm.Order;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.defense.CleanData;
import io.backdoorgrid.defense.CleanDataDefense;
import io.backdoorgrid.defense.DataSizes;
import io.backdoorgrid.defense.Findings;
import io.backdoorgrid.defense.HoldOut;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.train.PlainSgd;
import io.backdoorgrid.train.RateSchedule;
import java.util.Arrays;
import java.util.Map;

/**
 * Fine-Pruning (FP; Liu et al., "Fine-Pruning: Defending Against Backdooring Attacks on Deep Neural
 * Networks", RAID 2018): neurons that clean images hardly excite may belong to the trigger; they
 * are pruned, least mean activation first, until accuracy begins to fall, and the rest is
 * fine-tuned.
 *
 * <p>The neurons are the features that the last layer reads. To prune one zeroes its column of that
 * layer, which stays zero while fine-tuning. In a residual network this is not the same as to zero
 * a channel of the last convolution, whose output joins a shortcut.
 *
 * <p>How far accuracy may fall is judged on a part of the clean images that is held out from the
 * activations. BackdoorBench judges on the clean test images, prunes one neuron less than it says,
 * and keeps the neurons whose removal broke the limit; we do none of this. The original paper stops
 * at a loss of about 4 percent. The defaults fine-tune as the CLP paper does.
 *
 * @param drop share of the accuracy that pruning may cost, 0 to 1
 * @param ratio share of the neurons to prune, 0 to 1, whatever it costs; -1 for as many as {@code
 *     drop} allows
 * @param step share of the neurons pruned at a time while {@code drop} decides, above 0 and at most
 *     1
 * @param validation share of the clean images that judge {@code drop}, above 0 and below 1
 * @param fineTuned whether the rest is fine-tuned
 * @param sgd how
 * @param schedule {@code constant} or {@code cosine}
 * @param augmentation how the clean images are varied
 */
@Algorithm("fp")
public record FinePruning(
    double drop,
    double ratio,
    double step,
    double validation,
    boolean fineTuned,
    PlainSgd sgd,
    RateSchedule schedule,
    Augmentation augmentation)
    implements CleanDataDefense {

  private static final double BY_DROP = -1;

  public static final Map<String, Map<String, Object>> PRESETS =
      Map.of(
          "backdoorbench",
              Map.of(
                  "drop",
                  0.1,
                  "epochs",
                  100,
                  "batch",
                  256,
                  "learning-rate",
                  0.01,
                  "schedule",
                  "cosine"),
          "clp", Map.of(),
          "wiper", Map.of("ratio", 0.1, "learning-rate", 0.1, "weight-decay", 1e-4));

  public FinePruning {
    requireShare("drop", drop);
    require(
        ratio == BY_DROP || ratio >= 0 && ratio <= 1,
        "ratio must be -1 or between 0 and 1, got %s",
        ratio);
    require(step > 0 && step <= 1, "step must be above 0 and at most 1, got %s", step);
    requireProperShare("validation", validation);
    require(
        schedule == RateSchedule.CONSTANT || schedule == RateSchedule.COSINE,
        "schedule must be constant or cosine for fine-tuning");
  }

  /** The original paper's limit, and the CLP paper's fine-tuning. */
  public FinePruning() {
    this(
        0.04,
        BY_DROP,
        0.01,
        0.2,
        true,
        new PlainSgd(20, 128, 0.005, 0.9, 5e-4),
        RateSchedule.CONSTANT,
        new Augmentation(4, Augmentation.Flip.RANDOM));
  }

  @Override
  public double imagePasses(DataSizes sizes) {
    return (fineTuned ? sgd.epochs() : 0) * sizes.clean() + sizes.clean() / 3;
  }

  @Override
  public void repair(Classifier victim, CleanData data) {
    int[] order;
    int pruned;
    if (ratio == BY_DROP) {
      HoldOut split = data.holdOut(validation);
      order = leastActiveFirst(victim, split.training());
      pruned = allowed(victim, order, split.validation(), data.findings());
    } else {
      order = leastActiveFirst(victim, data.images());
      pruned = (int) Math.round(ratio * order.length);
    }
    data.findings().count("pruned-neurons", pruned);
    try (NDManager scope = victim.manager().newSubManager()) {
      NDArray kept = scope.create(mask(order, pruned));
      Runnable prune = () -> victim.head().weight().muli(kept);
      prune.run();
      if (fineTuned) {
        PrunedTuning.run(victim, data, sgd.recipe(schedule, augmentation), prune);
      }
    }
  }

  private static float[] mask(int[] order, int pruned) {
    float[] mask = new float[order.length];
    Arrays.fill(mask, 1);
    for (int i = 0; i < pruned; i++) {
      mask[order[i]] = 0;
    }
    return mask;
  }

  /** The neurons by their mean activation; of equal ones the first comes first. */
  private static int[] leastActiveFirst(Classifier victim, LabeledImages images) {
    int width = victim.dimension();
    double[] sums = new double[width];
    try (NDManager scope = victim.manager().newSubManager()) {
      float[] features = victim.features(scope, images).toFloatArray();
      for (int i = 0; i < features.length; i++) {
        sums[i % width] += features[i];
      }
    }
    return Order.ascending(sums);
  }

  /**
   * How many neurons can be pruned, in that order, before the validation images show more than the
   * allowed loss. No image passes through the network again: a pruned neuron's share of the logits
   * is subtracted.
   */
  private int allowed(Classifier victim, int[] order, LabeledImages validation, Findings findings) {
    int width = order.length;
    int stride = Math.max(1, (int) Math.round(step * width));
    try (NDManager scope = victim.manager().newSubManager()) {
      float[] features = victim.features(scope, validation).toFloatArray();
      float[] weights = victim.head().weight().toFloatArray();
      float[] biases = victim.head().bias().toFloatArray();
      var logits = new PrunedLogits(features, weights, biases);
      double least = (1 - drop) * logits.accuracy(validation.labels());
      int allowed = 0;
      for (int pruned = 0; pruned < width; ) {
        int next = Math.min(pruned + stride, width);
        for (; pruned < next; pruned++) {
          logits.prune(order[pruned]);
        }
        double accuracy = logits.accuracy(validation.labels());
        findings.add(new Findings.Point("validation-accuracy", pruned, 100 * accuracy));
        if (accuracy < least) {
          break;
        }
        allowed = pruned;
      }
      return allowed;
    }
  }
}
