package io.backdoorgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.catalog.Algorithms;
import io.backdoorgrid.cli.CommandLineFixture.Ended;
import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.read.GridReader;
import io.backdoorgrid.run.MeasuredRows;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.row.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of rows that do not belong together, on the command line. */
class StrictTableTest {

  private static final String GRID =
      """
      name: tiny
      victims: {dataset: shapes, model: resnet18, attack: badnets}
      defenses: [none, clp]
      """;

  @TempDir Path folder;
  private Path grid;
  private Plan plan;
  private Store store;

  @BeforeEach
  void fill() throws IOException {
    grid = CommandLineFixture.grid(folder, GRID);
    plan = GridReader.read(grid, new Algorithms(), Overrides.NONE);
    store = Store.open(folder.resolve("out").toString(), new Configuration());
  }

  private void finish(int trial, String commit) {
    var columns = new LinkedHashMap<>(MeasuredRows.of(plan.trials().get(trial)).columns());
    columns.put(Row.COMMIT, commit);
    store.commitRow(new Row(columns));
  }

  private Ended table(String... options) {
    return CommandLineFixture.run("table", grid, folder.resolve("out"), options);
  }

  @Test
  void showsRowsThatBelongTogether() {
    finish(0, "a1");
    finish(1, "a1");
    assertThat(table("--strict").exitCode()).isZero();
    assertThat(table("--strict").out()).contains("badnets").doesNotContain("differ");
  }

  @Test
  void refusesRowsOfSeveralCommits() {
    finish(0, "a1");
    finish(1, "b2");
    Ended shown = table();
    assertThat(shown.exitCode()).isZero();
    assertThat(shown.out()).contains("Results differ in commit (1 of a1, 1 of b2).\n");
    Ended refused = table("--strict");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err()).isEqualTo("--strict: Results differ in commit (1 of a1, 1 of b2).\n");
  }

  @Test
  void refusesWhatIsDamaged() throws IOException {
    finish(0, "a1");
    finish(1, "a1");
    Path row = folder.resolve("out/rows/" + plan.trials().get(1).id() + ".csv");
    Files.writeString(row, Files.readString(row).replace("a1", "b2"));
    Ended shown = table();
    assertThat(shown.exitCode()).isZero();
    assertThat(shown.out()).contains("damaged¹").contains("Left out, since damaged: " + row);
    assertThat(table("--strict").exitCode()).isEqualTo(1);
  }
}
