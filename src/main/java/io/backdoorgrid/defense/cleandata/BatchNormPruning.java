package io.backdoorgrid.defense.cleandata;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.defense.CleanData;
import io.backdoorgrid.defense.CleanDataDefense;
import io.backdoorgrid.defense.DataSizes;
import io.backdoorgrid.defense.Findings;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.net.ConvUnit;
import io.backdoorgrid.prune.ChannelEdits;
import io.backdoorgrid.prune.Deviation;
import io.backdoorgrid.prune.NormalizedUnits;
import io.backdoorgrid.prune.Scores;
import io.backdoorgrid.torch.BatchNorm2d;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.SafeTensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Batch-norm pruning (BNP; Zheng et al., "Pre-activation Distributions Expose Backdoor Neurons",
 * NeurIPS 2022): the running statistics of a batch-norm are those of the poisoned training set, and
 * differ from those of clean images most where a channel reacts to the trigger.
 *
 * <p>The score of a channel is the Kullback-Leibler divergence of the normal distribution with the
 * running mean and variance from that of clean images, {@code log(s2 / s1) + (s1^2 + (m1 - m2)^2) /
 * (2 s2^2) - 1/2} with index 1 for clean images. Channels with a score above {@code mean + u *
 * deviation} of their layer are pruned.
 *
 * <p>The original code takes one batch of images, we take all. BackdoorBench doubles the logarithm
 * and overwrites the statistics with those of poisoned images before it compares, which prunes next
 * to nothing; we follow the paper. Only a batch-norm that directly follows a convolution is looked
 * at. The victim's running statistics must be those of its training: fine-tuning erases the
 * difference.
 *
 * @param u deviations above the mean, 3 in the paper; not negative
 * @param zeroing what a pruned channel loses
 */
@Algorithm("bnp")
public record BatchNormPruning(double u, Zeroed zeroing) implements CleanDataDefense {

  /** What becomes 0 in a pruned channel. */
  public enum Zeroed {
    /**
     * The batch-norm's gamma, as in the original code: the channel's output is the constant beta.
     */
    GAMMA,
    /** Gamma and beta, as in BackdoorBench. */
    GAMMA_AND_BETA
  }

  /** Images at a time: the maps before every batch-norm are held at once. */
  private static final int BATCH = 100;

  /** Of a channel that is the same everywhere. */
  private static final double LEAST_VARIANCE = 1e-12;

  private static final String MEAN = ".mean";
  private static final String VARIANCE = ".variance";

  public BatchNormPruning {
    require(u >= 0, "u must not be negative, got %s", u);
  }

  /** The paper's. */
  public BatchNormPruning() {
    this(3, Zeroed.GAMMA);
  }

  @Override
  public double imagePasses(DataSizes sizes) {
    return sizes.clean() / 3;
  }

  @Override
  public boolean sharesWork() {
    return true;
  }

  @Override
  public void repair(Classifier victim, CleanData data) {
    List<ConvUnit> units = NormalizedUnits.of(victim, "bnp");
    SafeTensors clean = data.once("statistics", random -> statistics(victim, units, data.images()));
    var edits = new ChannelEdits();
    Findings findings = data.findings();
    for (ConvUnit unit : units) {
      Scores scores =
          Scores.of(
              divergences(
                  clean.tensors().get(unit.name() + MEAN).values(),
                  clean.tensors().get(unit.name() + VARIANCE).values(),
                  unit.norm().get()),
              Deviation.SAMPLE);
      boolean[] pruned = new boolean[unit.channels()];
      for (int k = 0; k < pruned.length; k++) {
        pruned[k] = scores.values()[k] > scores.limit(u);
        if (pruned[k]) {
          findings.add(new Findings.Channel(unit.name(), k, scores.values()[k], scores.limit(u)));
        }
      }
      prune(edits, unit, pruned);
    }
    edits.apply();
    findings.count("pruned-channels", findings.channels().size());
  }

  private void prune(ChannelEdits edits, ConvUnit unit, boolean[] pruned) {
    if (zeroing == Zeroed.GAMMA_AND_BETA) {
      edits.zero(unit, pruned);
    } else {
      edits.zeroGamma(unit.norm().orElseThrow(), pruned);
    }
  }

  private static double[] divergences(float[] means, float[] variances, BatchNorm2d norm) {
    float[] runningMeans = norm.mean().toFloatArray();
    float[] runningVariances = norm.var().toFloatArray();
    double[] divergences = new double[means.length];
    for (int k = 0; k < divergences.length; k++) {
      divergences[k] = divergence(means[k], variances[k], runningMeans[k], runningVariances[k]);
    }
    return divergences;
  }

  /** Of the second normal distribution from the first. */
  static double divergence(double mean1, double variance1, double mean2, double variance2) {
    double v1 = Math.max(variance1, LEAST_VARIANCE);
    double v2 = Math.max(variance2, LEAST_VARIANCE);
    double distance = mean1 - mean2;
    return Math.log(v2 / v1) / 2 + (v1 + distance * distance) / (2 * v2) - 0.5;
  }

  /** Mean and variance of what clean images bring before each batch-norm, by unit. */
  private static SafeTensors statistics(
      Classifier victim, List<ConvUnit> units, LabeledImages images) {
    List<String> names = units.stream().map(ConvUnit::name).toList();
    var sums = new LinkedHashMap<String, double[]>();
    var counts = new LinkedHashMap<String, Long>();
    victim.forEachBatch(
        images,
        BATCH,
        (input, from) ->
            victim
                .outputs(names, input, false)
                .forEach(
                    (name, maps) -> {
                      addTo(sums, name, Ops.moments(maps).toDoubleArray());
                      counts.merge(name, maps.size() / maps.getShape().get(1), Long::sum);
                    }));
    var tensors = new LinkedHashMap<String, SafeTensors.Tensor>();
    sums.forEach(
        (name, its) -> {
          int channels = its.length / 2;
          double n = counts.get(name);
          float[] mean = new float[channels];
          float[] variance = new float[channels];
          for (int k = 0; k < channels; k++) {
            double average = its[k] / n;
            mean[k] = (float) average;
            variance[k] =
                (float) Math.max(0, (its[channels + k] - n * average * average) / (n - 1));
          }
          tensors.put(name + MEAN, new SafeTensors.Tensor(new long[] {channels}, mean));
          tensors.put(name + VARIANCE, new SafeTensors.Tensor(new long[] {channels}, variance));
        });
    return new SafeTensors(tensors);
  }

  private static void addTo(Map<String, double[]> sums, String name, double[] more) {
    double[] sum = sums.computeIfAbsent(name, unseen -> new double[more.length]);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += more[i];
    }
  }
}
