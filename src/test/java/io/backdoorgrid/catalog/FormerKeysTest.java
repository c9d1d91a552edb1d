package io.backdoorgrid.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.grid.GridException;
import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.read.GridReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Renamed hyperparameters can be written by either key, and find the results of the former one. */
class FormerKeysTest {

  private static final String TODAY =
      """
      victims: {dataset: shapes, model: resnet18, attack: {trojan: {optimizer: [sign, adam]}}}
      defenses: {wiper: {regularizer: [l1, l2], momentum: 0}}
      """;
  private static final String FORMERLY =
      TODAY.replace("optimizer", "optimiser").replace("regularizer", "regulariser");

  @TempDir Path folder;

  private Plan plan(String grid) throws IOException {
    return plan(grid, Overrides.NONE);
  }

  private Plan plan(String grid, Overrides overrides) throws IOException {
    Path file = Files.writeString(folder.resolve("grid.yaml"), grid);
    return GridReader.read(file, new Algorithms(), overrides);
  }

  private static Overrides setting(String option) {
    return new Overrides(Optional.empty(), List.of(option), List.of(), OptionalLong.empty());
  }

  private static Overrides only(String option) {
    return new Overrides(Optional.empty(), List.of(), List.of(option), OptionalLong.empty());
  }

  @Test
  void makeTheSameCells() throws IOException {
    assertThat(plan(FORMERLY).cells())
        .hasSize(4)
        .containsExactlyElementsOf(plan(TODAY).cells())
        .extracting(cell -> cell.id().toString())
        // The id that the trial had when the key was spelled otherwise.
        .contains("e3bc8d4d9fe4bedf");
  }

  @Test
  void areShownByTheirNameOfTodayAndStoredByTheFormerOne() throws IOException {
    Trial cell = plan(TODAY).cells().get(0);
    assertThat(cell.victim().attack().label(Set.of("optimizer")))
        .isEqualTo("trojan optimizer=sign");
    assertThat(cell.victim().settings().columns())
        .containsEntry("attack.optimiser", "sign")
        .doesNotContainKey("attack.optimizer");
    assertThat(cell.settings().columns()).containsEntry("defense.regulariser", "l1");
  }

  @Test
  void areSetByEither() throws IOException {
    for (String key : List.of("trojan.optimizer", "trojan.optimiser", "attack.optimiser")) {
      assertThat(plan(TODAY, setting(key + "=adam")).cells())
          .as(key)
          .hasSize(2)
          .isSubsetOf(plan(TODAY).cells());
    }
  }

  @Test
  void areSelectedByEither() throws IOException {
    for (String key : List.of("wiper.regularizer", "defense.regulariser")) {
      assertThat(plan(TODAY, only(key + "=l2")).cells())
          .as(key)
          .hasSize(2)
          .allMatch(cell -> cell.text("defense.regularizer").equals("l2"));
    }
  }

  @Test
  void areExcludedAndTabulatedByEither() throws IOException {
    Plan plan =
        plan(
            TODAY
                + """
                exclude: {trojan.optimiser: adam}
                table: {rows: [attack, wiper.regulariser]}
                """);
    assertThat(plan.cells())
        .hasSize(2)
        .allMatch(cell -> cell.text("trojan.optimizer").equals("sign"));
    assertThat(plan.table().rows()).containsExactly("attack", "wiper.regularizer");
  }

  @Test
  void areNotGivenTwice() {
    String both = "victims: {dataset: shapes, model: resnet18, attack: {trojan: {%s}}}%n";
    assertThatThrownBy(() -> plan(both.formatted("optimizer: adam, optimiser: sign")))
        .isInstanceOf(GridException.class)
        .hasMessageEndingWith("'optimiser' is the former name of 'optimizer', which is given too");
  }
}
