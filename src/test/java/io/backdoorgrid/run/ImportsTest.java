package io.backdoorgrid.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.catalog.Algorithms;
import io.backdoorgrid.data.BadDataException;
import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.read.GridReader;
import io.backdoorgrid.metric.Metrics;
import io.backdoorgrid.run.schedule.PlanStatus;
import io.backdoorgrid.run.victim.Descriptions;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.row.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportsTest {
  private static final String GRID =
      """
      name: tiny
      victims:
        dataset: shapes
        model: resnet18
        attack: [badnets, none]
      defenses: [none, {clp: {u: 2}}]
      """;

  @TempDir Path folder;
  private Plan plan;
  private Store store;

  @BeforeEach
  void open() throws IOException {
    plan = plan(GRID);
    store = Store.open(folder.resolve("out").toString(), new Configuration());
  }

  private Plan plan(String grid) throws IOException {
    Path file = Files.writeString(folder.resolve("grid.yaml"), grid);
    return GridReader.read(file, new Algorithms(), Overrides.NONE);
  }

  private static Map<String, String> measured(Trial trial) {
    Map<String, Object> columns = Descriptions.of(trial);
    columns.put(Metrics.ACC.column(), 93.5);
    columns.put(Metrics.ASR.column(), trial.victim().attack().name().equals("none") ? "" : "2.5");
    columns.put(Row.COMMIT, "0123456789");
    columns.put(Row.HOST, "elsewhere");
    columns.put(Row.DATA_DIGEST, "d1");
    columns.put(Row.STARTED, "2026-01-01T00:00:00Z");
    return new LinkedHashMap<>(Row.of(columns).columns());
  }

  private List<Map<String, String>> measured(Plan plan) {
    return plan.trials().stream().map(ImportsTest::measured).toList();
  }

  /** All columns of all rows, empty where a row has none. */
  private Path csv(List<Map<String, String>> rows) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    rows.forEach(row -> names.addAll(row.keySet()));
    var text = new StringBuilder(String.join(",", names)).append("\n");
    for (Map<String, String> row : rows) {
      text.append(
              names.stream()
                  .map(name -> "\"" + row.getOrDefault(name, "") + "\"")
                  .collect(Collectors.joining(",")))
          .append("\n");
    }
    return Files.writeString(folder.resolve("rows.csv"), text);
  }

  /** A slip of a heading would lose a metric without a word. Former keys are columns still. */
  @Test
  void namesColumnsThatNoRowHas() throws IOException {
    List<Map<String, String>> rows = measured(plan);
    rows.get(0).put("aser", "2.5");
    rows.get(1).put("defense.limit", "3");
    rows.get(1).put("findings.pruned", "7");
    Imports.Result done = Imports.run(plan, store, List.of(csv(rows)));
    assertThat(done.unknownColumns()).containsExactly("aser", "defense.limit");
    String first = plan.trials().get(0).id().toString();
    assertThat(store.row(first).orElseThrow().text("aser")).isEqualTo("2.5");
  }

  private void assertRefused(Path csv, String message) {
    assertThatThrownBy(() -> Imports.run(plan, store, List.of(csv)))
        .isInstanceOf(BadDataException.class)
        .hasMessage(csv + message);
    assertThat(store.rows().byTrial().keySet()).isEmpty();
  }

  @Test
  void takesRowsWithTheirOrigin() throws IOException {
    Path csv = csv(measured(plan));
    assertThat(Imports.run(plan, store, List.of(csv)))
        .isEqualTo(new Imports.Result(4, 0, 0, Set.of()));

    assertThat(PlanStatus.of(plan, store).pending()).isEmpty();
    String attacked = plan.trials().get(1).id().toString();
    Row row = store.row(attacked).orElseThrow();
    assertThat(row.number(Metrics.ASR.column())).hasValue(2.5);
    assertThat(row.text(Row.HOST)).isEqualTo("elsewhere");
    assertThat(row.text(Row.COMMIT)).isEqualTo("0123456789");
    assertThat(row.text("defense.u")).isEqualTo("2.0");
    assertThat(row.text(Imports.IMPORTED)).matches("rows\\.csv [0-9a-f]{16}");
    String clean = plan.trials().get(2).id().toString();
    assertThat(store.row(clean).orElseThrow().number(Metrics.ASR.column())).isEmpty();
  }

  @Test
  void refusesAnotherResultOfAKnownTrial() throws IOException {
    Imports.run(plan, store, List.of(csv(measured(plan))));
    List<Map<String, String>> others = measured(plan);
    others.get(1).put(Metrics.ACC.column(), "12.3");
    Path csv = csv(others);
    assertThatThrownBy(() -> Imports.run(plan, store, List.of(csv)))
        .isInstanceOf(BadDataException.class)
        .hasMessage(
            "%s, row 2: acc is 12.3 where trial %s is known to have %s",
            csv, others.get(1).get(Row.TRIAL), measured(plan).get(1).get(Metrics.ACC.column()));
  }

  /** As spreadsheets write it. */
  @Test
  void readsAFileWithAByteOrderMark() throws IOException {
    Path csv = csv(measured(plan));
    Files.writeString(csv, "\uFEFF" + Files.readString(csv));
    assertThat(Imports.run(plan, store, List.of(csv)).taken()).isEqualTo(4);
  }

  @Test
  void refusesAFileThatHasNoRows() throws IOException {
    Path csv = Files.writeString(folder.resolve("table.md"), "| attack | acc |\n");
    assertThatThrownBy(() -> Imports.run(plan, store, List.of(csv)))
        .isInstanceOf(BadDataException.class)
        .hasMessage(csv + " has no column 'trial': it is no CSV of rows");
  }

  @Test
  void leavesOutWhatIsKnownOrOfAnotherGrid() throws IOException {
    Plan other = plan(GRID.replace("u: 2", "u: 3"));
    Imports.run(plan, store, List.of(csv(measured(plan).subList(0, 1))));
    Row before = store.row(plan.trials().get(0).id().toString()).orElseThrow();

    assertThat(Imports.run(plan, store, List.of(csv(measured(other)))))
        .isEqualTo(new Imports.Result(1, 1, 2, Set.of()));

    assertThat(store.row(before.id())).contains(before);
    assertThat(store.rows().byTrial().keySet()).hasSize(2);
  }

  @Test
  void refusesWhatContradictsTheGrid() throws IOException {
    List<Map<String, String>> rows = measured(plan);
    rows.get(1).put("attack.size", "4");
    assertRefused(csv(rows), ", row 2: attack.size is 4 where the grid has 3");
  }

  @Test
  void refusesRowsWithoutOrigin() throws IOException {
    List<Map<String, String>> rows = measured(plan);
    rows.get(3).remove(Row.COMMIT);
    assertRefused(csv(rows), ", row 4 has no commit");
  }

  @Test
  void refusesRowsOfOtherData() throws IOException {
    List<Map<String, String>> rows = measured(plan);
    rows.get(3).put(Row.DATA_DIGEST, "d2");
    assertRefused(
        csv(rows), ", row 4 was measured on other data of shapes (digest d2) than the rest (d1)");
  }

  @Test
  void refusesRowsOfOtherDataThanTheStores() throws IOException {
    List<Map<String, String>> rows = measured(plan);
    Imports.run(plan, store, List.of(csv(rows.subList(0, 1))));
    rows.get(1).put(Row.DATA_DIGEST, "d2");
    Path csv = csv(rows.subList(1, 2));
    assertThatThrownBy(() -> Imports.run(plan, store, List.of(csv)))
        .hasMessageContaining("other data of shapes (digest d2)");
    assertThat(store.rows().byTrial().keySet()).hasSize(1);
  }

  @Test
  void refusesWhatIsNoCsvOfRows() throws IOException {
    Path hostile = Files.writeString(folder.resolve("rows.csv"), "trial,acc\n../../etc/passwd,1\n");
    assertRefused(
        hostile, ": a row's trial must be 16 hexadecimal digits (0-9, a-f), got ../../etc/passwd");
    Files.writeString(hostile, "a,a\n1,2\n");
    assertThatThrownBy(() -> Imports.run(plan, store, List.of(hostile)))
        .isInstanceOf(BadDataException.class)
        .hasMessage(hostile + " has no column 'trial': it is no CSV of rows");
    Files.writeString(hostile, "trial,acc,acc\n0000000000000001,90,91\n");
    assertThatThrownBy(() -> Imports.run(plan, store, List.of(hostile)))
        .hasMessage(hostile + " has two columns 'acc'");
    Files.writeString(hostile, "trial,acc\n0000000000000001,101\n");
    assertRefused(
        hostile,
        ": row 0000000000000001: acc must be a percentage from 0 to 100 or empty, got \"101\"");
    Path absent = folder.resolve("absent.csv");
    assertThatThrownBy(() -> Imports.run(plan, store, List.of(absent)))
        .hasMessage("%s: no such file", absent);
  }
}
