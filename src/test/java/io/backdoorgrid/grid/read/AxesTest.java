package io.backdoorgrid.grid.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.backdoorgrid.grid.Axes;
import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.HandmadeCells;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.TrialId;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.grid.VictimId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AxesTest {
  private static final Spec CLP = new Spec("clp", 1, ordered("u", 3.0, "eps", 0.0));
  private static final Victim VICTIM =
      HandmadeCells.victim(
          new VictimId(2),
          new Spec("cifar10", 1, Map.of()),
          new Spec("resnet18", 1, Map.of("width", 64L)),
          new Spec("badnets", 1, Map.of("size", 3L)),
          0.1,
          new Spec("sgd", 1, Map.of("milestones", List.of(60L, 80L), "flip", true)),
          0.05,
          20_000,
          "auto",
          7);
  private static final Trial TRIAL = HandmadeCells.trial(new TrialId(1), VICTIM, CLP, Spec.NONE, 0);

  @Test
  void readsEverySetting() {
    assertThat(
            List.of(
                    "dataset",
                    "model",
                    "attack",
                    "defense",
                    "extractor",
                    "train",
                    "poison-rate",
                    "held-out",
                    "images",
                    "precision",
                    "seed",
                    "clean-ratio")
                .stream()
                .map(axis -> TRIAL.text(axis)))
        .containsExactly(
            "cifar10",
            "resnet18",
            "badnets",
            "clp",
            "",
            "sgd",
            "0.1",
            "0.05",
            "20000",
            "auto",
            "7",
            "0");
  }

  @Test
  void readsHyperparametersByKindAndByAlgorithm() {
    assertThat(TRIAL.text("model.width")).isEqualTo("64");
    assertThat(TRIAL.text("attack.size")).isEqualTo("3");
    assertThat(TRIAL.text("badnets.size")).isEqualTo("3");
    assertThat(TRIAL.text("defense.u")).isEqualTo("3");
    assertThat(TRIAL.text("clp.u")).isEqualTo("3");
    assertThat(TRIAL.text("train.milestones")).isEqualTo("[60, 80]");
    assertThat(TRIAL.text("sgd.flip")).isEqualTo("true");
  }

  @Test
  void readsTheExtractorWhereTheDefenseUsesOne() {
    Spec simclr = new Spec("simclr", 1, Map.of("epochs", 100L));
    Trial trial =
        HandmadeCells.trial(new TrialId(1), VICTIM, new Spec("hp", 1, Map.of()), simclr, 0);
    assertThat(trial.text("extractor")).isEqualTo("simclr");
    assertThat(trial.text("extractor.epochs")).isEqualTo("100");
    assertThat(trial.text("simclr.epochs")).isEqualTo("100");
    assertThat(TRIAL.text("extractor.epochs")).isEmpty();
    assertThat(TRIAL.text("simclr.epochs")).isEmpty();
  }

  @Test
  void isEmptyWhereTheCellLacksTheHyperparameter() {
    assertThat(TRIAL.text("dataset.size")).isEmpty();
    assertThat(TRIAL.text("blended.alpha")).isEmpty();
    assertThat(TRIAL.text("clp.width")).isEmpty();
  }

  @Test
  void namesTheNearestAxis() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TRIAL.text("poison_rate"))
        .withMessage(
            Grids.listing("unknown axis 'poison_rate'; did you mean 'poison-rate'? (known: AXES)"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TRIAL.text("clp."))
        .withMessageStartingWith("unknown axis 'clp.'");
  }

  @Test
  void checksHyperparametersAgainstTheCatalog() {
    Catalog catalog = new FakeCatalog();
    for (String axis :
        List.of(
            "seed",
            "clp.u",
            "defense.u",
            "train.milestones",
            "extractor.epochs",
            "simclr.temperature")) {
      assertThatCode(() -> Axes.meant(axis, catalog)).doesNotThrowAnyException();
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Axes.meant("attack.sise", catalog))
        .withMessage(
            "unknown axis 'attack.sise'; did you mean 'attack.size'?"
                + " (known: attack.size, attack.target, attack.alpha)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Axes.meant("atack.size", catalog))
        .withMessageStartingWith("unknown axis 'atack.size'; did you mean 'attack.size'?");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Axes.meant("extractor.epoch", catalog))
        .withMessage(
            "unknown axis 'extractor.epoch'; did you mean 'extractor.epochs'?"
                + " (known: extractor.epochs, extractor.temperature)");
  }

  @Test
  void labelsAnAlgorithmWithTheShownHyperparameters() {
    assertThat(CLP.label(Set.of())).isEqualTo("clp");
    assertThat(CLP.label(Set.of("u"))).isEqualTo("clp u=3");
    assertThat(CLP.label(Set.of("eps", "u", "size"))).isEqualTo("clp u=3 eps=0");
  }

  private static Map<String, Object> ordered(String a, Object x, String b, Object y) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(a, x);
    map.put(b, y);
    return map;
  }
}
