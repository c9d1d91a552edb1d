package io.backdoorgrid.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Sheets of {@link UnitChannels}. */
final class Channels {

  private static final String UCLC = "uclc";
  private static final String LPP_CONSTANT = "lpp-constant";

  private Channels() {}

  static List<Sheet> sheets(Subject subject, Settings settings) {
    List<UnitChannels> units = UnitChannels.of(subject, settings);
    return List.of(channels(units), correlations(units));
  }

  private static Sheet channels(List<UnitChannels> units) {
    var lines = new ArrayList<List<?>>();
    for (UnitChannels unit : units) {
      for (int k = 0; k < unit.size(); k++) {
        OptionalDouble tac =
            unit.tac().isPresent()
                ? OptionalDouble.of(unit.tac().get()[k])
                : OptionalDouble.empty();
        lines.add(List.of(unit.unit(), k, tac, unit.uclc()[k], unit.lppConstant()[k]));
      }
    }
    return new Sheet("channels", List.of("unit", "channel", "tac", UCLC, LPP_CONSTANT), lines);
  }

  /** Of the trigger-activated change with each constant; none of a clean model. */
  private static Sheet correlations(List<UnitChannels> units) {
    var lines = new ArrayList<List<?>>();
    for (UnitChannels unit : units) {
      unit.tac()
          .ifPresent(
              tac -> {
                lines.add(correlation(unit, tac, UCLC, unit.uclc()));
                lines.add(correlation(unit, tac, LPP_CONSTANT, unit.lppConstant()));
              });
    }
    return new Sheet(
        "correlations", List.of("unit", "channels", "constant", "pearson", "spearman"), lines);
  }

  private static List<?> correlation(
      UnitChannels unit, double[] tac, String constant, double[] values) {
    Correlation found = Correlation.of(tac, values);
    return List.of(unit.unit(), unit.size(), constant, found.pearson(), found.spearman());
  }
}
