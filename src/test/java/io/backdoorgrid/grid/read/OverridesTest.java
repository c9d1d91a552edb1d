package io.backdoorgrid.grid.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.TableSpec;
import io.backdoorgrid.metric.Metrics;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverridesTest {
  private static final String GRID =
      """
      victims: {dataset: cifar10, model: resnet18, attack: [badnets, blended]}
      defenses: [none, ft, clp]
      """;

  @TempDir Path folder;
  private Grids grids;

  @BeforeEach
  void open() {
    grids = new Grids(folder);
  }

  @Test
  void replacesAnAxis() {
    Plan plan =
        grids.set(GRID, "attack={blended: {alpha: [0.3, 0.4]}}", "seed=[1,2]", "defenses=clp");
    assertThat(Grids.cells(plan, "attack.alpha", "seed", "defense"))
        .containsExactly("0.3 1 clp", "0.3 2 clp", "0.4 1 clp", "0.4 2 clp");
  }

  @Test
  void setsAHyperparameterOfEveryEntryOfAKindThatHasIt() {
    Plan plan = grids.set(GRID, "defense.epochs=5", "attack.size=[1, 2]", "model.width=8");
    assertThat(Grids.cells(plan, "attack.size", "attack.alpha", "ft.epochs", "model.width"))
        .containsExactly(
            "1   8",
            "1  5 8",
            "1   8",
            "2   8",
            "2  5 8",
            "2   8",
            " 0.2  8",
            " 0.2 5 8",
            " 0.2  8");
  }

  @Test
  void setsAHyperparameterOfOneAlgorithm() {
    assertThat(Grids.cells(grids.set(GRID, "clp.u=[1, 2]"), "clp.u"))
        .containsExactly("", "", "1", "2", "", "", "1", "2");
  }

  @Test
  void setsAPresetBelowTheHyperparametersOfTheFile() {
    assertThat(
            Grids.cells(grids.set(GRID, "clp.preset=wide", "clp.eps=[1, 2]"), "clp.u", "clp.eps"))
        .containsExactly(" ", " ", "5 1", "5 2", " ", " ", "5 1", "5 2");
    assertThat(Grids.cells(grids.set(GRID, "attack.preset=[first, faint]"), "blended.alpha"))
        .containsExactly("", "", "", "0.2", "0.2", "0.2", "0.05", "0.05", "0.05");
  }

  @Test
  void setsTheUnnamedRecipe() {
    assertThat(Grids.cells(grids.set(GRID, "train.epochs=5"), "train.epochs")).containsOnly("5");
    assertThat(Grids.cells(grids.set(GRID, "train={epochs: 6}"), "train.epochs")).containsOnly("6");
  }

  @Test
  void setsAListAsOneValueWhereTheDefaultIsAList() {
    assertThat(Grids.cells(grids.set(GRID, "train.milestones=[1, 2]"), "sgd.milestones"))
        .containsOnly("[1, 2]")
        .hasSize(6);
  }

  @Test
  void setsTheTable() {
    TableSpec table = grids.set(GRID, "table.rows=[seed, attack]", "table.metrics=acc").table();
    assertThat(table.rows()).containsExactly("seed", "attack");
    assertThat(table.columns()).containsExactly("defense");
    assertThat(table.metrics()).containsExactly(Metrics.ACC);
  }

  /** Plans were frozen before it existed. */
  @Test
  void writesHowMuchAccBoldCellsKeepOnlyWhereItIsNotTheDefault() {
    Plan five = grids.set(GRID, "table.bold-within=5");
    assertThat(five.table().boldWithin()).isEqualTo(5);
    assertThat(five.resolved()).extracting("table").extracting("bold-within").isEqualTo(5.0);
    assertThat(grids.set(GRID, "table.bold-within=10").resolved())
        .isEqualTo(grids.read(GRID).resolved());
    assertThat(grids.read(GRID).resolved().toString()).doesNotContain("bold-within");
  }

  @Test
  void appliesOptionsInOrder() {
    assertThat(Grids.cells(grids.set(GRID, "clp.u=1", "defenses=[clp]"), "clp.u"))
        .containsOnly("3");
    assertThat(Grids.cells(grids.set(GRID, "defenses=[clp]", "clp.u=1"), "clp.u"))
        .containsOnly("1");
  }

  @Test
  void suppliesWhatTheFileLacks() {
    assertThat(
            grids.set("victims: {dataset: cifar10, model: vgg16}", "attack=none", "defenses=clp"))
        .extracting(Plan::trials)
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          train.epochs             | expected path=value, such as train.epochs=5
          =5                       | expected path=value, such as train.epochs=5
          seed=                    | expected path=value, such as train.epochs=5
          train.epoch=5            | unknown setting 'train.epoch'; did you mean 'train.epochs'? (known: train.epochs, train.learning-rate, train.milestones, train.schedule, train.flip)
          trian.epochs=5           | unknown setting 'trian.epochs'; did you mean 'train.epochs'?
          poisonrate=0.1           | unknown setting 'poisonrate'; did you mean 'poison-rate'? (known: SETTINGS)
          defense=clp              | unknown setting 'defense'; did you mean 'defenses'? (known: SETTINGS)
          adam.epochs=5            | nothing in this grid has 'adam.epochs'; did you mean 'train.epochs'?
          dataset.size=5           | nothing in this grid has 'dataset.size'
          simclr.epochs=5          | nothing in this grid has 'simclr.epochs'
          clp.preset=wilde         | unknown preset 'wilde' of defense 'clp'; did you mean 'wide'? (known: first, wide)
          ft.preset=wide           | unknown setting 'ft.preset'; did you mean 'clp.preset'? (known: ft.epochs)
          extractor=simcrl         | unknown extractor 'simcrl'; did you mean 'simclr'? (known: simclr, supervised)
          extractr=simclr          | unknown setting 'extractr'; did you mean 'extractor'? (known: SETTINGS)
          table.row=seed           | unknown setting 'table.row'; did you mean 'table.rows'? (known: table.rows, table.columns, table.metrics, table.published, table.bold-within)
          attack=badnet            | unknown attack 'badnet'; did you mean 'badnets'? (known: none, badnets, blended)
          attack=[]                | attack is an empty list
          attack.size=big          | badnets: size must be a Long, got 'big'
          poison-rate=1.5          | poison-rate must be between 0 and 1, got 1.5
          seed=[1                  | not valid YAML: while parsing a flow sequence, expected ',' or ']', but got <stream end>
          table.metrics=accc       | unknown metric 'accc'; did you mean 'acc'? (known: METRICS)
          """)
  void explainsAMistakeInSet(String option, String message) {
    assertThat(grids.mistake(GRID, Grids.setting(option)))
        .isEqualTo("--set " + option + ": " + Grids.listing(message));
  }

  @Test
  void laysAProfileOverTheFileAndOptionsOverTheProfile() {
    Path profile =
        grids.write(
            "laptop.yaml",
            """
            name: laptop
            about: fewer images
              and epochs
            set:
              train.epochs: 10
              model.width: 16
              images: 20000
              gtsrb.size: 8
              adam.epochs: 1
              clp.preset: wide
            """);
    Plan plan = grids.read(GRID, Grids.profile(profile, "train.epochs=2"));
    assertThat(Grids.cells(plan, "train.epochs", "model.width", "images"))
        .containsOnly("2 16 20000");
    assertThat(plan.caption()).containsExactly("profile laptop: fewer images and epochs");
    assertThat(plan.resolved()).extracting("victims").extracting("images").isEqualTo(20_000L);
  }

  @Test
  void namesAProfileAfterItsFile() {
    Path profile = grids.write("tiny.yaml", "set: {seed: 1}");
    assertThat(grids.read(GRID, Grids.profile(profile)).caption()).containsExactly("profile tiny");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {set: {train.epoch: 1}}  | 1:8: unknown setting 'train.epoch'; did you mean 'train.epochs'? (known: train.epochs, train.learning-rate, train.milestones, train.schedule, train.flip)
          {set: {train.epochs: x}} | 1:22: sgd: epochs must be a Long, got 'x'
          {set: {attack: badnet}}  | 1:16: unknown attack 'badnet'; did you mean 'badnets'? (known: none, badnets, blended)
          {set: [a]}               | 1:7: set must be a map of settings, got a list
          {sett: {}}               | 1:2: unknown key 'sett'; did you mean 'set'? (known: name, about, set)
          {about: [a]}             | 1:9: about must be a line of text, got a list
          {name: a b}              | 1:8: name must be made of letters, digits, '.', '_', '-' and '/', got 'a b'
          """)
  void explainsAMistakeInAProfile(String text, String message) {
    Path profile = grids.write("laptop.yaml", text);
    assertThat(grids.mistake(GRID, Grids.profile(profile))).isEqualTo("laptop.yaml:" + message);
  }

  @Test
  void namesTheNearestProfile() {
    grids.write("laptop.yaml", "set: {}");
    assertThat(grids.mistake(GRID, Grids.profile(folder.resolve("lap-top.yaml"))))
        .isEqualTo("lap-top.yaml: no such profile; did you mean 'laptop'? (known: grid, laptop)");
  }

  @Test
  void keepsOnlyTheMatchingCells() {
    assertThat(Grids.cells(grids.only(GRID, "attack=badnets"), "attack"))
        .containsExactly("badnets", "badnets", "badnets");
    assertThat(
            Grids.cells(grids.only(GRID, "attack=badnets", "defense=ft, clp"), "attack", "defense"))
        .containsExactly("badnets ft", "badnets clp");
    assertThat(grids.only(GRID, "attack=badnets", "attack=blended").trials()).hasSize(6);
    assertThat(grids.only(GRID, "poison-rate=1e-1", "train.milestones=[60, 80]").trials())
        .hasSize(6);
    assertThat(Grids.cells(grids.only(GRID, "clp.u=3"), "attack", "defense"))
        .containsExactly("badnets clp", "blended clp");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          attack             | expected axis=value,value, such as attack=badnets
          attack=            | expected axis=value,value, such as attack=badnets
          attack=blend       | no cell has attack 'blend'; did you mean 'blended'? (here: badnets, blended)
          attack=badnets,none| no cell has attack 'none' (here: badnets, blended)
          clp.u=4            | no cell has clp.u '4' (here: 3)
          seed=1             | no cell has seed '1' (here: 0)
          extractor=simclr   | no cell has extractor 'simclr'
          atack=none         | unknown axis 'atack'; did you mean 'attack'? (known: AXES)
          attack=]           | not valid YAML: expected '<document start>', but found ']'
          """)
  void explainsAMistakeInOnly(String option, String message) {
    assertThat(grids.mistake(GRID, Grids.selecting(option)))
        .isEqualTo("--only " + option + ": " + Grids.listing(message));
  }

  @Test
  void refusesASelectionOfNothing() {
    assertThat(grids.mistake(GRID, Grids.selecting("defense=none", "clp.u=3")))
        .isEqualTo("--only defense=none --only clp.u=3: no cell matches all of these");
  }

  @Test
  void keepsTheFirstCells() {
    List<String> all = Grids.cells(grids.read(GRID), "attack", "defense");
    assertThat(Grids.cells(grids.read(GRID, Grids.limit(4)), "attack", "defense"))
        .isEqualTo(all.subList(0, 4));
    assertThat(grids.read(GRID, Grids.limit(Long.MAX_VALUE)).trials()).hasSize(6);
    assertThat(grids.mistake(GRID, Grids.limit(0))).isEqualTo("--limit must be at least 1, got 0");
  }

  @Test
  void tellsHowAListIsWritten() {
    assertThat(grids.mistake(Grids.SMALL, Grids.setting("seed=0,1,2")))
        .isEqualTo("--set seed=0,1,2: a list is written in brackets: seed=[0,1,2]");
  }
}
