package io.backdoorgrid.grid.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.TableSpec;
import io.backdoorgrid.grid.Trial;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The setting {@code extractor}, which only some defenses use. */
class ExtractorTest {
  private static final Spec SIMCLR =
      new Spec("simclr", 1, Map.of("epochs", 100L, "temperature", 0.5));

  @TempDir Path folder;
  private Grids grids;

  @BeforeEach
  void open() {
    grids = new Grids(folder);
  }

  @Test
  void isTheFirstWhereNoneIsNamed() {
    List<Trial> trials = grids.read(grid("[none, ft, clp, hp, hid]")).trials();
    assertThat(trials)
        .extracting(Trial::extractor)
        .containsExactly(Spec.NONE, Spec.NONE, Spec.NONE, SIMCLR, SIMCLR);
    assertThat(trials)
        .extracting(Trial::usesExtractor)
        .containsExactly(false, false, false, true, true);
  }

  @Test
  void isAnAxisBetweenDefensesAndCleanRatios() {
    Plan plan =
        grids.read(
            grid("[{hid: {rounds: [1, 2]}}]")
                + "extractor: [simclr, {supervised: {epochs: [5, 6]}}]\n"
                + "clean-ratio: [0.01, 0.02]\n");
    assertThat(Grids.cells(plan, "hid.rounds", "extractor", "extractor.epochs", "clean-ratio"))
        .containsExactly(
            "1 simclr 100 0.01",
            "1 simclr 100 0.02",
            "1 supervised 5 0.01",
            "1 supervised 5 0.02",
            "1 supervised 6 0.01",
            "1 supervised 6 0.02",
            "2 simclr 100 0.01",
            "2 simclr 100 0.02",
            "2 supervised 5 0.01",
            "2 supervised 5 0.02",
            "2 supervised 6 0.01",
            "2 supervised 6 0.02");
    assertThat(plan.duplicates()).isZero();
    assertThat(plan.trials()).extracting(Trial::id).doesNotHaveDuplicates();
  }

  @Test
  void isReadHoweverItIsSpelt() {
    for (String spelling :
        List.of(
            "simclr", "[simclr]", "{simclr: }", "{simclr: {epochs: 100}}", "[simclr, simclr]")) {
      assertThat(grids.read(grid("hp") + "extractor: " + spelling + "\n").trials())
          .isEqualTo(grids.read(grid("hp")).trials());
    }
  }

  @Test
  void makesNoCellsOfDefensesThatDoNotUseIt() {
    Plan plan = grids.read(grid("[clp, ft, hp]") + "extractor: [simclr, supervised]\n");
    assertThat(Grids.cells(plan, "defense", "extractor", "clean-ratio"))
        .containsExactly("clp  0", "ft  0.01", "hp simclr 0", "hp supervised 0");
    assertThat(plan.duplicates()).isEqualTo(3 * 2 - 4);
    assertThat(plan.trials().subList(0, 2)).isEqualTo(grids.read(grid("[clp, ft]")).trials());
  }

  @Test
  void countsTowardsTheSizeOfAGrid() {
    String list = "[" + "0,".repeat(3000) + "0]";
    assertThat(
            grids.mistake(
                grid("hp").replace("}", ", seed: " + list + "}")
                    + ("extractor: {simclr: {epochs: " + list + "}}\n")))
        .isEqualTo("grid.yaml:1:1: the grid has more than 5000000 cells (9006001); split it");
  }

  @Test
  void isSetByOptions() {
    String grid = grid("[clp, hp]");
    assertThat(
            Grids.cells(
                grids.set(grid, "extractor=[simclr, {supervised: {epochs: 5}}]"),
                "defense",
                "extractor.epochs"))
        .containsExactly("clp ", "hp 100", "hp 5");
    assertThat(
            Grids.cells(
                grids.set(grid, "simclr.epochs=5", "extractor.temperature=[0.1, 0.2]"),
                "extractor.epochs",
                "simclr.temperature"))
        .containsExactly(" ", "5 0.1", "5 0.2");
    assertThat(
            Grids.cells(
                grids.set(grid, "extractor=[simclr, supervised]", "extractor.epochs=7"),
                "extractor",
                "extractor.epochs"))
        .containsExactly(" ", "simclr 7", "supervised 7");
    assertThat(
            Grids.cells(
                grids.set(grid("clp"), "defenses=hp", "simclr.epochs=5"), "extractor.epochs"))
        .containsExactly("5");
  }

  @Test
  void offersItsHyperparametersWhereADefenseUsesIt() {
    assertThat(grids.mistake(grid("hp"), Grids.setting("extractor.epoch=5")))
        .isEqualTo(
            "--set extractor.epoch=5: unknown setting 'extractor.epoch'; did you mean"
                + " 'extractor.epochs'? (known: extractor.epochs, extractor.temperature)");
    assertThat(grids.mistake(grid("hp"), Grids.setting("supervised.epochs=5")))
        .isEqualTo("--set supervised.epochs=5: nothing in this grid has 'supervised.epochs'");
  }

  @Test
  void isSetByAProfileWhereADefenseUsesIt() {
    Path profile = grids.write("laptop.yaml", "set: {simclr.epochs: 5, supervised.epochs: 6}");
    assertThat(Grids.cells(grids.read(grid("hp"), Grids.profile(profile)), "extractor.epochs"))
        .containsExactly("5");
    assertThat(grids.read(grid("clp"), Grids.profile(profile)).resolved())
        .isEqualTo(grids.read(grid("clp")).resolved());
    Path typo = grids.write("typo.yaml", "set: {simclr.epoch: 5}");
    assertThat(grids.mistake(grid("hp"), Grids.profile(typo)))
        .isEqualTo(
            "typo.yaml:1:7: unknown setting 'simclr.epoch'; did you mean 'simclr.epochs'?"
                + " (known: simclr.epochs, simclr.temperature)");
  }

  @Test
  void selectsCells() {
    String grid = grid("[clp, hp]") + "extractor: [simclr, supervised]\n";
    assertThat(Grids.cells(grids.only(grid, "extractor=simclr"), "defense", "extractor"))
        .containsExactly("hp simclr");
    assertThat(Grids.cells(grids.only(grid, "supervised.epochs=50"), "defense", "extractor"))
        .containsExactly("hp supervised");
    assertThat(grids.mistake(grid, Grids.selecting("extractor=simcrl")))
        .isEqualTo(
            "--only extractor=simcrl: no cell has extractor 'simcrl'; did you mean 'simclr'?"
                + " (here: simclr, supervised)");
  }

  @Test
  void excludesCells() {
    String grid = grid("[clp, hp]") + "extractor: [simclr, supervised]\n";
    Plan plan = grids.read(grid + "exclude: {extractor: simclr}\n");
    assertThat(Grids.cells(plan, "defense", "extractor")).containsExactly("clp ", "hp supervised");
    assertThat(plan.excluded()).isEqualTo(1);
    assertThat(
            Grids.cells(
                grids.read(grid + "exclude: {extractor.epochs: [50, 7]}\n"),
                "defense",
                "extractor"))
        .containsExactly("clp ", "hp simclr");
  }

  @Test
  void isAnAxisOfTables() {
    assertThat(
            grids
                .read(grid("hp") + "table: {rows: extractor, columns: [defense, simclr.epochs]}\n")
                .table())
        .extracting(TableSpec::rows, TableSpec::columns)
        .containsExactly(List.of("extractor"), List.of("defense", "simclr.epochs"));
  }

  @Test
  void isResolvedOnlyWhereItIsGivenOrUsed() {
    assertThat(grids.read(grid("[none, ft, clp]")).resolved()).doesNotContainKey("extractor");
    assertThat(grids.set(grid("hp"), "simclr.epochs=5", "defenses=clp").resolved())
        .doesNotContainKey("extractor");
    assertThat(grids.read(grid("[clp, hp]")).resolved().keySet())
        .containsExactly("name", "victims", "defenses", "extractor", "clean-ratio", "table");
    assertThat(grids.read(grid("hp")).resolved()).containsEntry("extractor", "simclr");
    assertThat(grids.set(grid("hp"), "simclr.epochs=5").resolved())
        .containsEntry("extractor", Map.of("simclr", Map.of("epochs", 5L)));
    assertThat(grids.read(grid("clp") + "extractor: supervised\n").resolved())
        .containsEntry("extractor", "supervised");
    assertThat(grids.set(grid("clp"), "extractor=supervised").resolved())
        .containsEntry("extractor", "supervised");
  }

  @Test
  void resolvesToSettingsThatGiveTheSamePlan() throws Exception {
    for (String extractor :
        List.of("", "extractor: [simclr, {supervised: {epochs: [5, 6]}}]\nexclude: {seed: 1}\n")) {
      for (String defenses : List.of("[clp, hp]", "clp")) {
        String seeds = grid(defenses).replace("badnets", "badnets, seed: [0, 1]");
        Plan plan = grids.read(seeds + extractor);
        assertThat(grids.read(new ObjectMapper().writeValueAsString(plan.resolved())))
            .isEqualTo(plan);
      }
    }
  }

  private static String grid(String defenses) {
    return "victims: {dataset: cifar10, model: vgg16, attack: badnets}\ndefenses: "
        + defenses
        + "\n";
  }
}
