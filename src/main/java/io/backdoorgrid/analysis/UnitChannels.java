package io.backdoorgrid.analysis;

import io.backdoorgrid.defense.Clp;
import io.backdoorgrid.defense.KernelNorms;
import io.backdoorgrid.defense.Lpp;
import io.backdoorgrid.model.ConvUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The channels of a unit: how much the trigger changes them beside what the weights alone tell
 * (figure 3 of the CLP paper). The correlation of the two is why pruning without data works.
 *
 * @param unit its name
 * @param tac {@link TriggerActivatedChange} of each channel; empty for a clean model
 * @param uclc {@link Clp#uclc} of each
 * @param lppConstant {@link Lpp#constants} of each
 */
record UnitChannels(String unit, Optional<double[]> tac, double[] uclc, double[] lppConstant) {

  private static final int PAIRS = 500;

  /** All units in the order of computation. */
  static List<UnitChannels> of(Subject subject, Settings settings) {
    Optional<Map<String, double[]>> changes =
        subject
            .pairs()
            .map(pairs -> pairs.sample(settings.images().orElse(PAIRS), Samples.random("pairs")))
            .map(
                pairs ->
                    new TriggerActivatedChange(settings.tap(), settings.norm())
                        .of(subject.classifier(), pairs));
    var norms = new KernelNorms();
    return subject.classifier().units().stream()
        .map(unit -> of(unit, changes.map(tac -> tac.get(unit.name())), norms))
        .toList();
  }

  private static UnitChannels of(ConvUnit unit, Optional<double[]> tac, KernelNorms norms) {
    return new UnitChannels(
        unit.name(), tac, new Clp().uclc(unit, norms), new Lpp().constants(unit, norms));
  }

  int size() {
    return uclc.length;
  }
}
