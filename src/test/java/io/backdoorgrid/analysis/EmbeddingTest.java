package io.backdoorgrid.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.defense.PlantedBackdoor;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.TorchThread;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class EmbeddingTest {

  private final LabeledImages test =
      ToyImages.random(PlantedBackdoor.SHAPE, PlantedBackdoor.CLASSES, 50, 4);

  private final Pairs pairs =
      Triggers.whiteCorner(
          PlantedBackdoor.SHAPE, PlantedBackdoor.CLASSES, 40, PlantedBackdoor.TARGET);

  /** Twenty clean images, five of each of four classes, and four triggered ones. */
  @Test
  void placesCleanAndTriggeredImages() {
    try (Classifier victim = PlantedBackdoor.victim().build()) {
      Sheet sheet = embedding(victim, Optional.of(pairs));
      assertThat(sheet.name()).isEqualTo("embedding");
      assertThat(sheet.columns()).containsExactly("x", "y", "label", "group", "predicted");
      assertThat(sheet.lines()).hasSize(24);
      for (int axis = 0; axis < 2; axis++) {
        int c = axis;
        List<Double> places = sheet.lines().stream().map(line -> (Double) line.get(c)).toList();
        assertThat(places).allMatch(place -> place >= 0 && place <= 1).contains(0.0, 1.0);
      }
      for (int label = 0; label < PlantedBackdoor.CLASSES; label++) {
        assertThat(count(sheet, label, "clean")).isEqualTo(5);
        assertThat(count(sheet, label, "triggered")).isEqualTo(1);
      }
    }
  }

  private static long count(Sheet sheet, int label, String group) {
    return sheet.lines().stream()
        .filter(line -> line.get(2).equals(label) && line.get(3).equals(group))
        .count();
  }

  @Test
  void aCleanModelSeesCleanImagesOnly() {
    try (Classifier victim = PlantedBackdoor.victim().build()) {
      assertThat(embedding(victim, Optional.empty()).lines())
          .hasSize(20)
          .allMatch(line -> line.get(3).equals("clean"));
    }
  }

  @Test
  void featuresAreWhatTheLastLayerReads() {
    try (Classifier victim = PlantedBackdoor.victim().build();
        NDManager scope = victim.manager().newSubManager()) {
      Features features = Features.of(victim, test);
      var input = victim.input(scope, ByteBuffer.wrap(test.pixels()));
      float[] expected = victim.features(input, false).toFloatArray();
      for (int i = 0; i < expected.length; i++) {
        assertThat(features.vectors()[i / PlantedBackdoor.CHANNELS][i % PlantedBackdoor.CHANNELS])
            .isEqualTo(expected[i]);
      }
      assertThat(features.predicted()).isEqualTo(victim.predict(test));
    }
  }

  @Test
  void scalesEachAxisAlone() {
    double[][] places = {{-1, 5}, {3, 5}, {1, 5}};
    Embedding.scale(places);
    assertThat(places).isDeepEqualTo(new double[][] {{0, 0}, {1, 0}, {0.5, 0}});
  }

  @Test
  void refusesImpossibleNumbersOfImages() {
    assertThatThrownBy(() -> settings(9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("images must be from 10 to 5000, got 9");
  }

  private Sheet embedding(Classifier victim, Optional<Pairs> pairs) {
    return Embedding.sheets(new Subject(victim, test, pairs, Map.of()), settings(20)).get(0);
  }

  private static AnalysisSettings settings(int images) {
    return new AnalysisSettings(
        OptionalInt.of(images), Tap.CONV_OUT, MapNorm.L2, AnalysisSettings.TriggeredLabels.WANTED);
  }
}
