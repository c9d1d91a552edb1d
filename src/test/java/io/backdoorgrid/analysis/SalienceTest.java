package io.backdoorgrid.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.analysis.AnalysisSettings.TriggeredLabels;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.defense.PlantedBackdoor;
import io.backdoorgrid.defense.wiper.HeadImportance;
import io.backdoorgrid.defense.wiper.HeadImportance.Measure;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.torch.TorchThread;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class SalienceTest {

  private final LabeledImages test =
      ToyImages.random(PlantedBackdoor.SHAPE, PlantedBackdoor.CLASSES, 50, 4);

  private final Pairs pairs =
      Triggers.whiteCorner(
          PlantedBackdoor.SHAPE, PlantedBackdoor.CLASSES, 40, PlantedBackdoor.TARGET);

  /** With as many images as there are, what is drawn is all of them, in some order. */
  @Test
  void holdsTheImportanceOnCleanAndTriggeredImages() {
    try (Classifier victim = PlantedBackdoor.victim().build()) {
      Sheet sheet = salience(victim, Optional.of(pairs), 100, TriggeredLabels.WANTED);
      assertThat(sheet.columns()).containsExactly("neuron", "measure", "clean", "triggered");
      assertColumn(sheet, 2, HeadImportance.of(victim, test));
      assertColumn(sheet, 3, HeadImportance.of(victim, pairs.asWanted()));
    }
  }

  @Test
  void takesTheTrueLabelsIfToldTo() {
    try (Classifier victim = PlantedBackdoor.victim().build()) {
      Sheet sheet = salience(victim, Optional.of(pairs), 100, TriggeredLabels.TRUE);
      assertColumn(sheet, 3, HeadImportance.of(victim, pairs.triggered()));
    }
  }

  /** What the attacker's class needs: its own channel more than any other. */
  @Test
  void thePlantedNeuronMattersMostForTheBackdoor() {
    try (Classifier victim = PlantedBackdoor.victim().build()) {
      Sheet sheet = salience(victim, Optional.of(pairs), 100, TriggeredLabels.WANTED);
      List<Double> values =
          sheet.lines().stream()
              .filter(line -> line.get(1).equals("benign-salience"))
              .map(line -> ((OptionalDouble) line.get(3)).getAsDouble())
              .toList();
      assertThat(values).hasSize(PlantedBackdoor.CHANNELS);
      assertThat(values.get(PlantedBackdoor.CHANNEL))
          .isEqualTo(values.stream().mapToDouble(v -> v).max().orElseThrow());
    }
  }

  /** Together the neurons move the logits by what the logits themselves tell. */
  @Test
  void tellsThroughWhichNeuronsTheTriggerActs() {
    try (Classifier victim = PlantedBackdoor.victim().build()) {
      var settings =
          new AnalysisSettings(
              OptionalInt.of(100), Tap.CONV_OUT, MapNorm.L2, TriggeredLabels.WANTED);
      Sheet sheet =
          Salience.sheets(new Subject(victim, test, Optional.of(pairs), Map.of()), settings).get(1);
      assertThat(sheet.name()).isEqualTo("rises");
      List<Double> rises = sheet.lines().stream().map(line -> (Double) line.get(1)).toList();
      assertThat(rises.get(PlantedBackdoor.CHANNEL))
          .isEqualTo(rises.stream().mapToDouble(r -> r).max().orElseThrow());
      assertThat(rises.stream().mapToDouble(r -> r).sum())
          .isCloseTo(
              margin(victim, pairs.triggered()) - margin(victim, pairs.clean()), within(1e-3));
    }
  }

  /** The mean of the wanted class's logit less the true one's. */
  private double margin(Classifier victim, LabeledImages images) {
    float[] logits = Classifiers.logits(victim, images);
    double sum = 0;
    for (int i = 0; i < images.size(); i++) {
      int row = i * PlantedBackdoor.CLASSES;
      sum += logits[row + pairs.wanted()[i]] - logits[row + images.labels()[i]];
    }
    return sum / images.size();
  }

  @Test
  void drawsTheSameImagesEveryTime() {
    try (Classifier victim = PlantedBackdoor.victim().build()) {
      Sheet once = salience(victim, Optional.of(pairs), 10, TriggeredLabels.WANTED);
      assertThat(salience(victim, Optional.of(pairs), 10, TriggeredLabels.WANTED)).isEqualTo(once);
      assertThat(salience(victim, Optional.of(pairs), 20, TriggeredLabels.WANTED))
          .isNotEqualTo(once);
    }
  }

  @Test
  void aCleanModelHasNoTriggeredColumn() {
    try (Classifier victim = PlantedBackdoor.victim().build()) {
      assertThat(salience(victim, Optional.empty(), 100, TriggeredLabels.WANTED).lines())
          .hasSize(3 * PlantedBackdoor.CHANNELS)
          .allMatch(line -> line.get(3).equals(OptionalDouble.empty()));
    }
  }

  private Sheet salience(
      Classifier victim, Optional<Pairs> pairs, int images, TriggeredLabels labels) {
    var settings = new AnalysisSettings(OptionalInt.of(images), Tap.CONV_OUT, MapNorm.L2, labels);
    return Salience.sheets(new Subject(victim, test, pairs, Map.of()), settings).get(0);
  }

  /** Up to the order in which float32 numbers are added. */
  private static void assertColumn(Sheet sheet, int column, Map<Measure, double[]> expected) {
    var names =
        Map.of(
            "benign-salience", Measure.BENIGN_SALIENCE,
            "activation-magnitude", Measure.ACTIVATION_MAGNITUDE,
            "gradient-magnitude", Measure.GRADIENT_MAGNITUDE);
    assertThat(sheet.lines()).hasSize(3 * PlantedBackdoor.CHANNELS);
    for (List<?> line : sheet.lines()) {
      double value =
          line.get(column) instanceof OptionalDouble number
              ? number.getAsDouble()
              : (Double) line.get(column);
      assertThat(value)
          .isCloseTo(expected.get(names.get(line.get(1)))[(Integer) line.get(0)], within(1e-6));
    }
  }
}
