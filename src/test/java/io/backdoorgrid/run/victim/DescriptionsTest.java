package io.backdoorgrid.run.victim;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.grid.HandmadeCells;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.TrialId;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.grid.VictimId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DescriptionsTest {
  private static final Victim VICTIM =
      HandmadeCells.victim(
          new VictimId(2),
          new Spec("cifar10", 1, Map.of()),
          new Spec("resnet18", 1, Map.of("width", 64L)),
          new Spec("badnets", 1, Map.of("size", 3L)),
          0.1,
          new Spec("sgd", 1, Map.of("epochs", 5L)),
          0.05,
          0,
          "auto",
          7);
  private static final List<String> COLUMNS =
      List.of(
          "trial",
          "victim",
          "dataset",
          "model",
          "model.width",
          "attack",
          "attack.size",
          "poison-rate",
          "train",
          "train.epochs",
          "held-out",
          "images",
          "precision",
          "seed",
          "defense",
          "clean-ratio");

  @Test
  void namesTheExtractorOnlyWhereTheDefenseUsesOne() {
    Spec simclr = new Spec("simclr", 1, Map.of("epochs", 100L));
    assertThat(Descriptions.of(trial("none", Spec.NONE)).keySet())
        .containsExactlyElementsOf(COLUMNS);
    assertThat(Descriptions.of(trial("hp", simclr)))
        .containsEntry("extractor", "simclr")
        .containsEntry("extractor.epochs", 100L)
        .containsKeys(COLUMNS.toArray(String[]::new))
        .hasSize(COLUMNS.size() + 2);
  }

  private static Trial trial(String defense, Spec extractor) {
    return HandmadeCells.trial(
        new TrialId(1), VICTIM, new Spec(defense, 1, Map.of()), extractor, 0);
  }
}
