package io.backdoorgrid.defense.datafree;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.algorithm.AddedLater;
import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.defense.DataFreeDefense;
import io.backdoorgrid.defense.Findings;
import io.backdoorgrid.defense.WeightsOnly;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.net.ConvUnit;
import io.backdoorgrid.prune.ChannelEdits;
import io.backdoorgrid.prune.Deviation;
import io.backdoorgrid.prune.KernelNorms;
import io.backdoorgrid.prune.Scores;
import io.backdoorgrid.prune.Unpaired;
import io.backdoorgrid.prune.Zeroing;
import io.backdoorgrid.torch.BatchNorm2d;
import java.util.Map;

/**
 * Channel Lipschitzness based Pruning (CLP; Zheng et al., "Data-free Backdoor Removal based on
 * Channel Lipschitzness", ECCV 2022): channels that a trigger excites have an outlying Lipschitz
 * constant, so they are found without any data.
 *
 * <p>The score of output channel k of a layer is the spectral norm of its kernel, reshaped to (in,
 * height * width) and multiplied by the stretch {@code |gamma_k| / sqrt(var_k + eps)} of the
 * batch-norm behind it (section 4.4). Channels with a score above {@code mean + u * deviation} of
 * their layer are pruned: gamma and beta become 0, so that the channel's output is 0 for every
 * input. The paper prints zeroed kernels ({@code zeroing: kernel}), which leave a constant behind a
 * batch-norm; its code zeroes the output, as we do.
 *
 * <p>A layer of K channels has no score beyond {@code sqrt(K - 1)} deviations: with u = 3, layers
 * of fewer than eleven channels are never pruned.
 *
 * @param u deviations above the mean; 3 on CIFAR-10 and 5 on Tiny ImageNet in the paper; negative
 *     values are allowed, for sweeps down to pruning everything
 * @param deviation {@code population} as printed, or {@code sample} as in the authors' code
 * @param eps added to the batch-norm's variance; 0 in the authors' code, where dead channels then
 *     explode
 * @param unpaired what happens to convolutions without a batch-norm; the authors' code skips them
 * @param zeroing what is set to 0 in a pruned channel; {@code kernel} as printed, or {@code output}
 *     as in the authors' code
 */
@Algorithm("clp")
public record Clp(
    double u, Deviation deviation, double eps, Unpaired unpaired, @AddedLater Zeroing zeroing)
    implements DataFreeDefense {

  public static final Map<String, Map<String, Object>> PRESETS =
      Map.of(
          "cifar10", Map.of(),
          "tinyimagenet", Map.of("u", 5));

  public Clp {
    require(Double.isFinite(u), "u must be a finite number, got %s", u);
    require(eps >= 0 && Double.isFinite(eps), "eps must not be negative, got %s", eps);
  }

  /** The paper's setting for CIFAR-10. */
  public Clp() {
    this(3, Deviation.POPULATION, BatchNorm2d.EPS, Unpaired.CONV_ONLY, Zeroing.OUTPUT);
  }

  @Override
  public void repair(Classifier victim, WeightsOnly given) {
    var edits = new ChannelEdits();
    Findings findings = given.findings();
    for (ConvUnit unit : victim.units()) {
      if (unpaired.covers(unit)) {
        Scores scores = scores(unit, given.norms());
        boolean[] pruned = outliers(scores);
        zeroing.apply(edits, unit, pruned);
        for (int k = 0; k < pruned.length; k++) {
          if (pruned[k]) {
            findings.add(new Findings.Channel(unit.name(), k, scores.values()[k], scores.limit(u)));
          }
        }
      }
    }
    edits.apply();
    findings.count("pruned-channels", findings.channels().size());
  }

  /**
   * The upper bound of each channel's Lipschitz constant (UCLC), up to a factor common to the
   * layer: its kernel's spectral norm times its batch-norm's stretch, if there is one.
   */
  public double[] uclc(ConvUnit unit, KernelNorms norms) {
    double[] uclc = norms.spectral(unit);
    unit.norm()
        .ifPresent(
            norm -> {
              double[] stretch = ChannelEdits.stretch(norm, eps);
              for (int k = 0; k < uclc.length; k++) {
                uclc[k] *= stretch[k];
              }
            });
    return uclc;
  }

  /** Which channels are pruned. */
  public boolean[] outliers(ConvUnit unit, KernelNorms norms) {
    return outliers(scores(unit, norms));
  }

  private Scores scores(ConvUnit unit, KernelNorms norms) {
    return Scores.of(uclc(unit, norms), deviation);
  }

  private boolean[] outliers(Scores scores) {
    boolean[] pruned = new boolean[scores.values().length];
    for (int k = 0; k < pruned.length; k++) {
      pruned[k] = scores.values()[k] > scores.limit(u);
    }
    return pruned;
  }
}
