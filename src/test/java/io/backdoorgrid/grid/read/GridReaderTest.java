package io.backdoorgrid.grid.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.TableSpec;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.metric.Metrics;
import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GridReaderTest {
  @TempDir Path folder;
  private Grids grids;

  @BeforeEach
  void open() {
    grids = new Grids(folder);
  }

  @Test
  void fillsInDefaults() {
    Plan plan = grids.read(victims("attack: badnets", "clp"));
    assertThat(plan.name()).isEqualTo("grid");
    assertThat(plan.table()).isEqualTo(TableSpec.DEFAULT);
    assertThat(plan.caption()).isEmpty();
    Trial trial = plan.trials().get(0);
    assertThat(plan.trials()).hasSize(1);
    assertThat(trial.defense().parameters()).isEqualTo(Map.of("u", 3.0, "eps", 0.0));
    assertThat(trial.victim().attack())
        .isEqualTo(new Spec("badnets", 1, Map.of("size", 3L, "target", 0L)));
    assertThat(trial.victim().train().name()).isEqualTo("sgd");
    assertThat(trial.victim().train().parameters())
        .containsEntry("milestones", List.of(60L, 80L))
        .containsEntry("flip", true);
    assertThat(trial.victim())
        .extracting("poisonRate", "heldOut", "images", "precision", "seed")
        .containsExactly(0.1, 0.05, 0L, "auto", 0L);
  }

  @Test
  void keepsHyperparametersInDocumentedOrder() {
    Plan plan = grids.read(victims("attack: {badnets: {target: 1, size: 2}}", "clp"));
    assertThat(plan.trials().get(0).victim().attack().parameters().keySet())
        .containsExactly("size", "target");
  }

  @Test
  void multipliesAttacksSeedsAndDefenses() {
    Plan plan = grids.read(Grids.SMALL);
    assertThat(plan.trials()).hasSize(2 * 3 * 2);
    assertThat(plan.victims()).hasSize(2 * 3);
    assertThat(plan.trials().stream().map(Trial::id)).doesNotHaveDuplicates();
    assertThat(plan.duplicates()).isZero();
  }

  @Test
  void variesAxesInTheOrderOfTheFile() {
    assertThat(Grids.cells(grids.read(Grids.SMALL), "attack", "seed", "defense"))
        .startsWith("badnets 0 none", "badnets 0 clp", "badnets 1 none")
        .endsWith("blended 1 clp", "blended 2 none", "blended 2 clp");
    assertThat(
            Grids.cells(
                grids.read(victims("seed: [2, 1]\n  attack: [blended, badnets]", "[clp]")),
                "attack",
                "seed"))
        .containsExactly("blended 2", "badnets 2", "blended 1", "badnets 1");
  }

  @Test
  void expandsListsAmongHyperparameters() {
    Plan plan =
        grids.read(
            victims(
                "attack: [none, {badnets: {size: [2, 3], target: [0, 1]}}]", "{clp: {u: [2, 3]}}"));
    assertThat(Grids.cells(plan, "attack", "attack.size", "badnets.target", "clp.u"))
        .containsExactly(
            "none   2",
            "none   3",
            "badnets 2 0 2",
            "badnets 2 0 3",
            "badnets 2 1 2",
            "badnets 2 1 3",
            "badnets 3 0 2",
            "badnets 3 0 3",
            "badnets 3 1 2",
            "badnets 3 1 3");
  }

  @Test
  void laysWhatIsGivenOverAPreset() {
    Plan plan =
        grids.read(
            victims("attack: none", "[{clp: {preset: wide}}, {clp: {eps: 1, preset: wide}}]"));
    assertThat(Grids.cells(plan, "clp.u", "clp.eps")).containsExactly("5 4", "5 1");
  }

  @Test
  void expandsAListOfPresets() {
    Plan plan = grids.read(victims("attack: none", "{clp: {preset: [wide, first], u: [6, 7]}}"));
    assertThat(Grids.cells(plan, "clp.u", "clp.eps")).containsExactly("6 4", "7 4", "6 0", "7 0");
  }

  @Test
  void takesAListForOneValueWhereTheDefaultIsAList() {
    assertThat(milestones("[30, 40]")).containsExactly("[30, 40]");
    assertThat(milestones("[[30, 40], [50], []]")).containsExactly("[30, 40]", "[50]", "[]");
    assertThat(milestones("[]")).containsExactly("[]");
  }

  @Test
  void readsTheRecipeWithOrWithoutItsName() {
    for (String train : List.of("{epochs: 5}", "{sgd: {epochs: 5}}", "[{sgd: {epochs: 5}}]")) {
      Plan plan = grids.read(victims("attack: none\n  train: " + train, "clp"));
      assertThat(Grids.cells(plan, "train", "train.epochs")).containsExactly("sgd 5");
    }
    Plan both = grids.read(victims("attack: none\n  train: [adam, {epochs: [1, 2]}]", "clp"));
    assertThat(Grids.cells(both, "train", "train.epochs"))
        .containsExactly("adam 100", "sgd 1", "sgd 2");
  }

  @Test
  void readsANameWithNothingUnderIt() {
    assertThat(
            Grids.cells(grids.read(victims("attack: {none: }", "\n  - clp:\n  - ft")), "defense"))
        .containsExactly("clp", "ft");
  }

  @Test
  void sharesVictimsAndSpecs() {
    List<Trial> trials = grids.read(Grids.SMALL).trials();
    assertThat(trials.get(0).victim()).isSameAs(trials.get(1).victim());
    assertThat(trials.get(0).defense()).isSameAs(trials.get(2).defense());
  }

  @Test
  void dropsCellsThatAreEqualForTheirAlgorithms() {
    Plan plan =
        grids.read(
            victims("attack: [none, badnets]\n  poison-rate: [0.01, 0.1]", "[none, ft]")
                + "clean-ratio: [0.01, 0.02]\n");
    // 2 attacks x 2 rates x 2 defenses x 2 ratios; attack none has one rate, defense none one
    // ratio.
    assertThat(Grids.cells(plan, "attack", "poison-rate", "defense", "clean-ratio"))
        .containsExactly(
            "none 0 none 0",
            "none 0 ft 0.01",
            "none 0 ft 0.02",
            "badnets 0.01 none 0",
            "badnets 0.01 ft 0.01",
            "badnets 0.01 ft 0.02",
            "badnets 0.1 none 0",
            "badnets 0.1 ft 0.01",
            "badnets 0.1 ft 0.02");
    assertThat(plan.duplicates()).isEqualTo(16 - 9);
  }

  @Test
  void dropsCellsThatAreSpeltTwice() {
    Plan plan = grids.read(victims("attack: badnets\n  seed: [0, 0]", "[clp, {clp: {u: 3}}]"));
    assertThat(plan.trials()).hasSize(1);
    assertThat(plan.duplicates()).isEqualTo(3);
  }

  @Test
  void excludesCellsThatMatchEveryAxis() {
    Plan plan =
        grids.read(
            Grids.SMALL
                + "exclude:\n  - {attack: badnets, seed: [1, 2]}\n  - {clp.u: 3.0, seed: 0}\n");
    assertThat(Grids.cells(plan, "attack", "seed", "defense"))
        .containsExactly(
            "badnets 0 none",
            "blended 0 none",
            "blended 1 none",
            "blended 1 clp",
            "blended 2 none",
            "blended 2 clp");
    assertThat(plan.excluded()).isEqualTo(6);
  }

  @Test
  void excludesByValueWhateverItsSpelling() {
    String rates = victims("attack: badnets\n  poison-rate: [0.1, 0.2]", "clp");
    for (String spelling : List.of("0.10", "1e-1", "[0.5, .1]")) {
      assertThat(
              Grids.cells(
                  grids.read(rates + "exclude: {poison-rate: " + spelling + "}\n"), "poison-rate"))
          .containsExactly("0.2");
    }
  }

  @Test
  void excludesByAHyperparameterThatIsAList() {
    String text =
        victims("attack: none\n  train: {milestones: [[1, 2], [3]]}", "clp")
            + "exclude: {train.milestones: [1, 2]}\n";
    assertThat(Grids.cells(grids.read(text), "train.milestones")).containsExactly("[3]");
  }

  /** What profile and options take away may be excluded all the same. */
  @Test
  void toleratesAnExclusionThatOptionsLeaveNothing() {
    String text = Grids.SMALL + "exclude: [{seed: 1}, {seed: [1, 2], attack: badnets}]\n";
    assertThat(grids.read(text).excluded()).isEqualTo(6);
    assertThat(grids.set(text, "seed=0").excluded()).isZero();
  }

  @Test
  void skipsVictimsThatThereCannotBe() {
    String text =
        """
        victims:
          dataset: [cifar10, gtsrb]
          model: resnet18
          attack: [blended, badnets]
          poison-rate: [0.1, 0.9]
        defenses: [none, clp]
        """;
    Plan plan = grids.read(text);
    assertThat(plan.cells()).hasSize(16);
    assertThat(plan.trials()).hasSize(14).doesNotContainAnyElementsOf(skipped(plan));
    assertThat(plan.victims()).hasSize(7);
    assertThat(Grids.cells(plan, "dataset", "attack", "poison-rate"))
        .as("among the others, where the file has them")
        .containsSubsequence("gtsrb blended 0.1", "gtsrb blended 0.9", "gtsrb badnets 0.1");
    assertThat(skipped(plan))
        .extracting(Trial::defense)
        .extracting(Spec::name)
        .containsExactly("none", "clp");
    assertThat(plan.skips())
        .isEqualTo(Map.of("blended: poison-rate 0.9 is too much for gtsrb", 2L));

    Plan rest = grids.only(text, "dataset=cifar10");
    assertThat(rest.trials()).isEqualTo(rest.cells()).hasSize(8);
    assertThat(rest.skips()).isEmpty();
    Plan none = grids.only(text, "dataset=gtsrb", "attack=blended", "poison-rate=0.9");
    assertThat(none.cells()).hasSize(2);
    assertThat(none.trials()).isEmpty();
    assertThat(none.victims()).isEmpty();
  }

  private static List<Trial> skipped(Plan plan) {
    return plan.cells().stream().filter(plan::isSkipped).toList();
  }

  @Test
  void readsNameAndTable() {
    Plan plan =
        grids.read(
            Grids.SMALL
                + """
                name: clp/table1
                table: {rows: [dataset, attack], columns: clp.u, metrics: acc, published: clp_1}
                """);
    assertThat(plan.name()).isEqualTo("clp/table1");
    assertThat(plan.table())
        .isEqualTo(
            new TableSpec(
                List.of("dataset", "attack"),
                List.of("clp.u"),
                List.of(Metrics.ACC),
                Optional.of("clp_1"),
                10));
  }

  @Test
  void namesAGridAfterItsFile() {
    Path file = grids.write("my grid.v2.yaml", Grids.SMALL);
    assertThat(GridReader.read(file, new FakeCatalog(), Overrides.NONE).name())
        .isEqualTo("my-grid.v2");
  }

  @Test
  void resolvesToSettingsThatGiveTheSamePlan() throws Exception {
    Plan plan =
        grids.read(
            """
            victims:
              seed: [1, 0]
              dataset: [{gtsrb: {size: [16, 32]}}, cifar10]
              model: resnet18
              attack: [{badnets: {size: 5}}, {blended: {preset: faint}}, none]
              train: {milestones: [[1], [2, 3]]}
            defenses: [none, {clp: {u: [1, 2]}}]
            exclude: {dataset: cifar10, seed: 0}
            table: {published: x}
            """,
            Grids.setting("attack.size=[1, 7]", "clp.eps=0.5"));
    assertThat(plan.resolved().keySet())
        .containsExactly("name", "victims", "defenses", "clean-ratio", "exclude", "table");
    assertThat(plan.resolved())
        .extracting("victims")
        .extracting("poison-rate", "precision", "seed")
        .containsExactly(0.1, "auto", List.of(1L, 0L));
    Plan again = grids.read(new ObjectMapper().writeValueAsString(plan.resolved()));
    assertThat(again).isEqualTo(plan);
  }

  @Test
  void plansCanBeSentToOtherMachines() throws Exception {
    try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
      for (Trial trial : grids.read(Grids.SMALL).trials()) {
        out.writeObject(trial);
      }
    }
  }

  private List<String> milestones(String value) {
    String train = "attack: none\n  train: {milestones: " + value + "}";
    return Grids.cells(grids.read(victims(train, "clp")), "train.milestones");
  }

  private static String victims(String more, String defenses) {
    return "victims:\n  dataset: cifar10\n  model: resnet18\n  "
        + (more + "\ndefenses: " + defenses + "\n");
  }
}
