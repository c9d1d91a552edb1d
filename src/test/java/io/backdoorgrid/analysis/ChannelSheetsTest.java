package io.backdoorgrid.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.defense.OneLayer;
import io.backdoorgrid.defense.PlantedBackdoor;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.TorchThread;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class ChannelSheetsTest {

  private final Pairs pairs =
      Triggers.whiteCorner(
          PlantedBackdoor.SHAPE, PlantedBackdoor.CLASSES, 40, PlantedBackdoor.TARGET);

  private final LabeledImages test =
      ToyImages.random(PlantedBackdoor.SHAPE, PlantedBackdoor.CLASSES, 50, 4);

  /** Its kernel is ten times as long as the others, which all have length 1. */
  @Test
  void aPlantedChannelStandsOut() {
    try (Classifier victim = PlantedBackdoor.victim().build()) {
      List<UnitChannels> units =
          UnitChannels.of(
              new Subject(victim, test, Optional.of(pairs), Map.of()), AnalysisSettings.DEFAULT);
      assertThat(units).extracting(UnitChannels::unit).containsExactly("conv");
      UnitChannels unit = units.get(0);
      assertStandsOut(unit.tac().orElseThrow(), 3);
      assertStandsOut(unit.uclc().values(), 5);
      assertStandsOut(unit.lppConstant().values(), 9);
      assertThat(unit.lppConstant().values()[0]).isCloseTo(1, within(1e-4));
    }
  }

  /** It is so many times as large as the next. */
  private static void assertStandsOut(double[] values, double times) {
    double planted = values[PlantedBackdoor.CHANNEL];
    double[] sorted = Arrays.stream(values).sorted().toArray();
    assertThat(planted).isEqualTo(sorted[sorted.length - 1]);
    assertThat(planted).isGreaterThan(times * sorted[sorted.length - 2]);
  }

  /** Weights (3, 4) and (9, 12) on two inputs: both norms are 5 and 15. */
  @Test
  void writesALinePerChannelAndACorrelationPerConstant() {
    OneLayer victim = OneLayer.ofKernels(2, 1, 3, 4, 9, 12).withoutBatchNorm();
    try (Classifier classifier = victim.build()) {
      Pairs two = Triggers.whiteCorner(classifier.design().shape(), 2, 10, 0);
      List<Sheet> sheets =
          ChannelSheets.sheets(
              new Subject(classifier, two.clean(), Optional.of(two), Map.of()),
              AnalysisSettings.DEFAULT);
      assertThat(sheets)
          .extracting(Sheet::name)
          .containsExactly("channels", "correlations", "image-correlations");
      Sheet channels = sheets.get(0);
      assertThat(channels.columns())
          .containsExactly("unit", "channel", "tac", "uclc", "lpp-constant");
      assertThat(channels.lines()).hasSize(2);
      assertThat(channels.lines().get(1).get(0)).isEqualTo("conv");
      assertThat(channels.lines().get(1).get(1)).isEqualTo(1);
      assertThat((Double) channels.lines().get(1).get(3)).isCloseTo(15, within(1e-5));
      assertThat((Double) channels.lines().get(1).get(4)).isCloseTo(15, within(1e-5));
      // Of two channels, the larger is the larger by any measure.
      assertThat(sheets.get(1).lines()).hasSize(2);
      assertThat(sheets.get(1).lines().get(0).subList(0, 3)).isEqualTo(List.of("conv", 2, "uclc"));
      assertThat(((OptionalDouble) sheets.get(1).lines().get(0).get(3)).getAsDouble())
          .isCloseTo(1, within(1e-6));
      assertThat(sheets.get(1).lines().get(1).get(2)).isEqualTo("lpp-constant");
      // Of two values, none lies three deviations out.
      assertThat(sheets.get(1).lines().get(0).subList(5, 7))
          .isEqualTo(List.of(0, OptionalDouble.empty()));
      assertThat(sheets.get(2).lines())
          .hasSize(10)
          .allMatch(line -> ((OptionalDouble) line.get(2)).getAsDouble() > 0.999);
    }
  }

  /** The two largest changes are of channels 0 and 2; of these, channel 2 is pruned. */
  @Test
  void recallsThePrunedAmongTheMostChanged() {
    var constant =
        new UnitChannels.Criterion(
            "c", new double[] {1, 9, 9, 1}, new boolean[] {false, true, true, false});
    assertThat(constant.recall(new double[] {7, 1, 8, 2})).hasValue(0.5);
    assertThat(constant.recall(new double[] {1, 7, 8, 2})).hasValue(1);
    var none = new UnitChannels.Criterion("c", new double[] {1, 1}, new boolean[2]);
    assertThat(none.recall(new double[] {7, 1})).isEmpty();
  }

  @Test
  void aCleanModelHasConstantsOnly() {
    try (Classifier victim = PlantedBackdoor.victim().build()) {
      List<Sheet> sheets =
          ChannelSheets.sheets(
              new Subject(victim, test, Optional.empty(), Map.of()), AnalysisSettings.DEFAULT);
      assertThat(sheets.get(0).lines())
          .hasSize(PlantedBackdoor.CHANNELS)
          .allMatch(line -> line.get(2).equals(OptionalDouble.empty()));
      assertThat(sheets.get(1).columns()).hasSize(7);
      assertThat(sheets.get(1).lines()).isEmpty();
      assertThat(sheets.get(2).lines()).isEmpty();
    }
  }
}
