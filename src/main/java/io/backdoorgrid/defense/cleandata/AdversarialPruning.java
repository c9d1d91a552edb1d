package io.backdoorgrid.defense.cleandata;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requireProperShare;
import static io.backdoorgrid.algorithm.Checks.requireShare;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.defense.CleanData;
import io.backdoorgrid.defense.CleanDataDefense;
import io.backdoorgrid.defense.DataSizes;
import io.backdoorgrid.defense.Findings;
import io.backdoorgrid.defense.HoldOut;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.net.ConvUnit;
import io.backdoorgrid.prune.ChannelEdits;
import io.backdoorgrid.prune.NormalizedUnits;
import io.backdoorgrid.torch.SafeTensors;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Adversarial Neuron Pruning (ANP; Wu and Wang, "Adversarial Neuron Pruning Purifies Backdoored
 * Deep Models", NeurIPS 2021): where small changes to a network's channels are chosen to raise its
 * loss, they turn on the backdoor; so channels are weighed by masks that keep the loss low under
 * such changes, and those with small masks are pruned.
 *
 * <p>Each batch-norm's gamma is multiplied by a mask m in [0, 1], 1 at first. In every iteration
 * noise goes from a random start up the cross entropy on a batch of clean images by {@code steps}
 * signed steps of eps / steps, with {@code gamma (m + noise)} and {@code beta (1 + noise)}; then
 * the masks go down {@code alpha * CE without noise + (1 - alpha) * CE with it}. Batch-norms
 * normalize by the batch meanwhile; only the masks survive. At last gamma becomes 0 where a mask
 * does not exceed the threshold; beta stays.
 *
 * <p>Only a batch-norm that directly follows a convolution has masks. Batches are drawn with
 * replacement, and not augmented. All thresholds of a sweep share the masks.
 *
 * @param threshold masks up to it are pruned; 0.2 in the paper's comparisons
 * @param drop if above 0, the threshold is instead the largest multiple of 0.05 below 1 at which
 *     accuracy on held-out clean images falls by no more than this share; 0 to 1. (BackdoorBench
 *     takes the one with the lowest attack success on test images, which no defender knows.)
 * @param validation share of the clean images that judge {@code drop}, above 0 and below 1
 * @param learning how the masks are learned
 */
@Algorithm("anp")
public record AdversarialPruning(
    double threshold, double drop, double validation, MaskLearning learning)
    implements CleanDataDefense {

  private static final double THRESHOLD_STEP = 0.05;

  public static final Map<String, Map<String, Object>> PRESETS =
      Map.of(
          "anp", Map.of(),
          "backdoorbench", Map.of("learning-rate", 0.01, "batch", 256, "drop", 0.1),
          "hp", Map.of("drop", 0.1));

  public AdversarialPruning {
    require(Double.isFinite(threshold), "threshold must be a finite number, got %s", threshold);
    requireShare("drop", drop);
    requireProperShare("validation", validation);
  }

  /** The authors' setting. */
  public AdversarialPruning() {
    this(0.2, 0, 0.2, new MaskLearning());
  }

  @Override
  public double imagePasses(DataSizes sizes) {
    return learning.imagePasses();
  }

  @Override
  public boolean sharesWork() {
    return true;
  }

  @Override
  public void repair(Classifier victim, CleanData data) {
    List<ConvUnit> units = NormalizedUnits.of(victim, "anp");
    boolean judged = drop > 0;
    Optional<HoldOut> split = judged ? Optional.of(data.holdOut(validation)) : Optional.empty();
    LabeledImages images = split.map(HoldOut::training).orElseGet(data::images);
    String what = "masks by " + learning + (judged ? " without " + validation : "");
    SafeTensors masks =
        data.once(what, random -> new ChannelMasks(learning, victim).learn(images, random));
    double limit = split.map(its -> allowed(victim, masks, its.validation())).orElse(threshold);
    prune(units, masks, limit, data.findings());
  }

  private double allowed(Classifier victim, SafeTensors masks, LabeledImages images) {
    double least = (1 - drop) * accuracy(victim, images);
    double allowed = -1;
    for (int i = 0; i * THRESHOLD_STEP < 1; i++) {
      double limit = i * THRESHOLD_STEP;
      try (Classifier copy = victim.copy()) {
        prune(NormalizedUnits.of(copy, "anp"), masks, limit, new Findings());
        if (accuracy(copy, images) < least) {
          break;
        }
      }
      allowed = limit;
    }
    return allowed;
  }

  private static double accuracy(Classifier network, LabeledImages images) {
    return LabeledImages.percentEqual(network.predict(images), images.labels());
  }

  private static void prune(
      List<ConvUnit> units, SafeTensors masks, double limit, Findings findings) {
    var edits = new ChannelEdits();
    int[] below = new int[(int) Math.round(1 / THRESHOLD_STEP) + 1];
    int all = 0;
    for (ConvUnit unit : units) {
      float[] its = masks.tensors().get(unit.name()).values();
      boolean[] pruned = new boolean[its.length];
      for (int k = 0; k < its.length; k++) {
        pruned[k] = its[k] <= limit;
        if (pruned[k]) {
          findings.add(new Findings.Channel(unit.name(), k, its[k], limit));
        }
        for (int i = 0; i < below.length; i++) {
          below[i] += its[k] <= i * THRESHOLD_STEP ? 1 : 0;
        }
      }
      all += its.length;
      edits.zeroGamma(unit.norm().orElseThrow(), pruned);
    }
    edits.apply();
    for (int i = 0; i < below.length; i++) {
      findings.add(new Findings.Point("masks-up-to", i * THRESHOLD_STEP, 100.0 * below[i] / all));
    }
    findings.count("pruned-channels", findings.channels().size());
  }
}
