package io.backdoorgrid.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Sheets of {@link UnitChannels}. */
final class ChannelSheets {

  /** Figure 3 of the LPP paper shows the correlations of a hundred images. */
  private static final int SHOWN_IMAGES = 100;

  private ChannelSheets() {}

  static List<Sheet> sheets(Subject subject, AnalysisSettings settings) {
    List<UnitChannels> units = UnitChannels.of(subject, settings);
    return List.of(channels(units), correlations(units), imageCorrelations(units));
  }

  private static Sheet channels(List<UnitChannels> units) {
    var lines = new ArrayList<List<?>>();
    for (UnitChannels unit : units) {
      Optional<double[]> tac = unit.tac();
      for (int k = 0; k < unit.size(); k++) {
        OptionalDouble change =
            tac.isPresent() ? OptionalDouble.of(tac.get()[k]) : OptionalDouble.empty();
        lines.add(
            List.of(
                unit.unit(), k, change, unit.uclc().values()[k], unit.lppConstant().values()[k]));
      }
    }
    return new Sheet("channels", List.of("unit", "channel", "tac", "uclc", "lpp-constant"), lines);
  }

  /** Of the trigger-activated change with each constant; none of a clean model. */
  private static Sheet correlations(List<UnitChannels> units) {
    var lines = new ArrayList<List<?>>();
    for (UnitChannels unit : units) {
      unit.tac()
          .ifPresent(
              tac -> {
                lines.add(correlation(unit, tac, unit.uclc()));
                lines.add(correlation(unit, tac, unit.lppConstant()));
              });
    }
    return new Sheet(
        "correlations",
        List.of("unit", "channels", "constant", "pearson", "spearman", "pruned", "recall"),
        lines);
  }

  private static List<?> correlation(
      UnitChannels unit, double[] tac, UnitChannels.Criterion constant) {
    Correlation found = Correlation.of(tac, constant.values());
    return List.of(
        unit.unit(),
        unit.size(),
        constant.name(),
        found.pearson(),
        found.spearman(),
        constant.prunedCount(),
        constant.recall(tac));
  }

  /** Of each image's own change with LPP's constant, over the channels of a unit. */
  private static Sheet imageCorrelations(List<UnitChannels> units) {
    var lines = new ArrayList<List<?>>();
    for (UnitChannels unit : units) {
      List<double[]> changes = unit.changes().orElse(List.of());
      for (int i = 0; i < Math.min(SHOWN_IMAGES, changes.size()); i++) {
        Correlation found = Correlation.of(changes.get(i), unit.lppConstant().values());
        lines.add(List.of(unit.unit(), i, found.pearson()));
      }
    }
    return new Sheet("image-correlations", List.of("unit", "image", "pearson"), lines);
  }
}
