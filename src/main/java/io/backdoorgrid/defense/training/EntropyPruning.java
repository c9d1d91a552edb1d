package io.backdoorgrid.defense.training;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requirePositive;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.defense.DataSizes;
import io.backdoorgrid.defense.Findings;
import io.backdoorgrid.defense.UntrustedData;
import io.backdoorgrid.defense.UntrustedDataDefense;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.net.ConvUnit;
import io.backdoorgrid.prune.ChannelEdits;
import io.backdoorgrid.prune.Deviation;
import io.backdoorgrid.prune.NormalizedUnits;
import io.backdoorgrid.prune.Scores;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.SafeTensors.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Entropy-based pruning (EP; Zheng et al., "Pre-activation Distributions Expose Backdoor Neurons",
 * NeurIPS 2022): on a poisoned training set, a channel of the backdoor has two kinds of values, few
 * large ones and many small ones, and so a distribution of low entropy.
 *
 * <p>The largest value of each channel before its batch-norm, one per image, is shifted and scaled
 * to a mean of 0 and a deviation of 1. The entropy of a histogram with bars of width {@code bin} is
 * the channel's score; those below {@code mean - u * deviation} of their layer are pruned: gamma
 * becomes 0, beta stays. A channel that never changes has no distribution, and is left.
 *
 * @param u deviations below the mean, 3 in the paper; not negative
 * @param bin width of a bar, positive
 * @param images of the training set that are looked at, drawn at random, at least 2
 */
@Algorithm("ep")
public record EntropyPruning(double u, double bin, int images) implements UntrustedDataDefense {

  /** Images at a time: the maps before every batch-norm are held at once. */
  private static final int BATCH = 100;

  public EntropyPruning {
    require(u >= 0, "u must not be negative, got %s", u);
    requirePositive("bin", bin);
    require(images >= 2, "images must be at least 2, got %d", images);
  }

  /** The authors' limit, on a sample that fits into memory. */
  public EntropyPruning() {
    this(3, 0.01, 5000);
  }

  @Override
  public double imagePasses(DataSizes sizes) {
    return Math.min(images, sizes.training()) / 3;
  }

  @Override
  public boolean sharesWork() {
    return true;
  }

  @Override
  public void repair(Classifier victim, UntrustedData data) {
    List<ConvUnit> units = NormalizedUnits.of(victim, "ep");
    SafeTensors entropies =
        data.once(
            "entropies of %d images, %s".formatted(images, bin),
            random -> entropies(victim, units, data.images(), random));
    var edits = new ChannelEdits();
    Findings findings = data.findings();
    for (ConvUnit unit : units) {
      float[] values = entropies.tensors().get(unit.name()).values();
      double[] scores = new double[values.length];
      boolean[] varied = new boolean[values.length];
      for (int k = 0; k < scores.length; k++) {
        scores[k] = values[k];
        varied[k] = values[k] > 0;
      }
      Scores layer = Scores.of(scores, varied, Deviation.SAMPLE);
      boolean[] pruned = new boolean[scores.length];
      for (int k = 0; k < pruned.length; k++) {
        pruned[k] = varied[k] && scores[k] < layer.limit(-u);
        if (pruned[k]) {
          findings.add(new Findings.Channel(unit.name(), k, scores[k], layer.limit(-u)));
        }
      }
      edits.zeroGamma(unit.norm().orElseThrow(), pruned);
    }
    edits.apply();
    findings.count("pruned-channels", findings.channels().size());
  }

  private SafeTensors entropies(
      Classifier victim, List<ConvUnit> units, LabeledImages all, RandomGenerator random) {
    int[] order = Seed.permutation(all.size(), random);
    LabeledImages some = all.select(Arrays.copyOf(order, Math.min(images, order.length)));
    List<String> names = units.stream().map(ConvUnit::name).toList();
    Map<String, float[][]> maxima = new LinkedHashMap<>();
    units.forEach(unit -> maxima.put(unit.name(), new float[unit.channels()][some.size()]));
    victim.forEachBatch(
        some,
        BATCH,
        (input, from) ->
            victim
                .outputs(names, input, false)
                .forEach(
                    (name, maps) ->
                        spread(Ops.maxima(maps).toFloatArray(), maxima.get(name), from)));
    var tensors = new LinkedHashMap<String, Tensor>();
    maxima.forEach(
        (name, channels) -> {
          float[] entropies = new float[channels.length];
          for (int k = 0; k < entropies.length; k++) {
            entropies[k] = (float) entropy(channels[k], bin);
          }
          tensors.put(name, new Tensor(new long[] {entropies.length}, entropies));
        });
    return new SafeTensors(tensors);
  }

  /** Image by image, channels together, to channel by channel. */
  private static void spread(float[] batch, float[][] channels, int from) {
    for (int i = 0; i < batch.length; i++) {
      channels[i % channels.length][from + i / channels.length] = batch[i];
    }
  }

  /** Of the standardized values' histogram, in nats; 0 if all values are equal. */
  static double entropy(float[] values, double bin) {
    double mean = 0;
    for (float value : values) {
      mean += value / values.length;
    }
    double variance = 0;
    for (float value : values) {
      variance += (value - mean) * (value - mean) / values.length;
    }
    double deviation = Math.sqrt(variance);
    if (!(deviation > 0)) {
      return 0;
    }
    Map<Long, Integer> bars = new LinkedHashMap<>();
    for (float value : values) {
      bars.merge((long) Math.floor((value - mean) / deviation / bin), 1, Integer::sum);
    }
    double entropy = 0;
    for (int count : bars.values()) {
      double share = (double) count / values.length;
      entropy -= share * Math.log(share);
    }
    return entropy;
  }
}
