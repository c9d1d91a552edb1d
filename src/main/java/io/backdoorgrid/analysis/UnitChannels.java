package io.backdoorgrid.analysis;

import io.backdoorgrid.defense.datafree.Clp;
import io.backdoorgrid.defense.datafree.Lpp;
import io.backdoorgrid.model.net.ConvUnit;
import io.backdoorgrid.prune.KernelNorms;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The channels of a unit: how much the trigger changes them, beside constants of the weights alone
 * (figures 3 of the CLP and LPP papers). Pruning without data works because the two correlate.
 *
 * @param unit its name
 * @param changes by the trigger, of each channel for each pair of images; empty for a clean model
 * @param uclc the constants by which {@link Clp} prunes
 * @param lppConstant the constants by which {@link Lpp} prunes
 */
record UnitChannels(
    String unit, Optional<List<double[]>> changes, Criterion uclc, Criterion lppConstant) {

  private static final int PAIRS = 500;

  /**
   * A defense's constants of the channels.
   *
   * @param name as in sheets
   * @param values one per channel
   * @param pruned which channels the defense prunes at its paper's limit
   */
  record Criterion(String name, double[] values, boolean[] pruned) {

    int prunedCount() {
      return (int) IntStream.range(0, pruned.length).filter(k -> pruned[k]).count();
    }

    /**
     * Among the channels with the largest change, as many as are pruned, the share that is pruned;
     * empty where none is.
     */
    OptionalDouble recall(double[] tac) {
      int count = prunedCount();
      return IntStream.range(0, tac.length)
          .boxed()
          .sorted(Comparator.comparingDouble((Integer k) -> -tac[k]))
          .limit(count)
          .mapToDouble(k -> pruned[k] ? 1 : 0)
          .average();
    }
  }

  /** All units in the order of computation. */
  static List<UnitChannels> of(Subject subject, AnalysisSettings settings) {
    Optional<Map<String, List<double[]>>> changes =
        subject
            .pairs()
            .map(pairs -> pairs.sample(settings.images().orElse(PAIRS), Samples.random("pairs")))
            .map(
                pairs ->
                    new TriggerActivatedChange(settings.tap(), settings.norm())
                        .ofEach(subject.classifier(), pairs));
    List<ConvUnit> units = subject.classifier().units();
    var norms = new KernelNorms(units);
    return units.stream()
        .map(unit -> of(unit, changes.map(of -> of.get(unit.name())), norms))
        .toList();
  }

  private static UnitChannels of(
      ConvUnit unit, Optional<List<double[]>> changes, KernelNorms norms) {
    var clp = new Clp();
    var lpp = new Lpp();
    return new UnitChannels(
        unit.name(),
        changes,
        new Criterion("uclc", clp.uclc(unit, norms), clp.outliers(unit, norms)),
        new Criterion("lpp-constant", lpp.values(unit, norms), lpp.outliers(unit, norms)));
  }

  /** {@link TriggerActivatedChange} of each channel; empty for a clean model. */
  Optional<double[]> tac() {
    return changes.map(TriggerActivatedChange::mean);
  }

  int size() {
    return uclc.values().length;
  }
}
