package io.backdoorgrid.report.table;

import static io.backdoorgrid.report.table.HandmadeGrid.spec;
import static io.backdoorgrid.report.table.HandmadeGrid.victim;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.metric.Metrics;
import io.backdoorgrid.store.row.Row;
import io.backdoorgrid.store.row.Rows;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a table says of numbers that are not what they seem. */
class DoubtsTest {

  private final HandmadeGrid grid =
      new HandmadeGrid(List.of("dataset"), List.of("defense"), Metrics.ACC, Metrics.ASR);

  private Trial plan(String dataset, String defense, int seed) {
    Spec network = spec("resnet18");
    return grid.plan(victim(spec(dataset), network, spec("badnets"), 0.1, seed), spec(defense), 0);
  }

  /** Finished by some commit, on some data. */
  private void finish(String dataset, String defense, int seed, String commit, String data) {
    finish(plan(dataset, defense, seed), Map.of(Row.COMMIT, commit, Row.DATA_DIGEST, data));
  }

  private void finish(Trial trial, Map<String, Object> columns) {
    Map<String, Object> row = new LinkedHashMap<>(Map.of("acc", 90 + trial.victim().seed()));
    row.put("asr", 2.0);
    row.putAll(columns);
    grid.finish(trial, row);
  }

  @Test
  void seedsOfOneCellThatWereMadeInDifferentWays() {
    for (int seed = 0; seed < 3; seed++) {
      finish("cifar10", "none", seed, "a1", "0123456789");
      finish("cifar10", "clp", seed, seed == 1 ? "b2" : "a1", "0123456789");
    }
    Table table = grid.build();
    assertThat(table.footnotes()).containsExactly("seeds differ in commit (2 of a1, 1 of b2)");
    assertThat(table.lines().get(0).cells())
        .extracting(Cell::notes)
        .containsExactly(List.of(), List.of(), List.of(1), List.of(1));
    assertThat(table.doubts()).containsExactly("Results differ in commit (5 of a1, 1 of b2).");
    assertThat(TerminalTable.PLAIN.render(table))
        .contains("91.0 ±1.0  2.0 ±0.0   91.0 ±1.0¹  2.0 ±0.0¹\n")
        .endsWith(
            """
            Mean ± sample standard deviation over seeds.
            Results differ in commit (5 of a1, 1 of b2).
            ¹ seeds differ in commit (2 of a1, 1 of b2)
            """);
  }

  @Test
  void dataOfOneDatasetThatDiffer() {
    finish("cifar10", "none", 0, "a1", "0123456789");
    finish("cifar10", "clp", 0, "a1", "9876543210");
    finish("gtsrb", "none", 0, "a1", "aaaaaaaaaa");
    finish("gtsrb", "clp", 0, "a1", "aaaaaaaaaa");
    assertThat(grid.build().doubts())
        .containsExactly("Results differ in data digest (1 of 01234567, 1 of 98765432).");
    assertThat(grid.build().footnotes()).isEmpty();
  }

  @Test
  void rowsThatAgreeOrDoNotTell() {
    finish("cifar10", "none", 0, "a1", "0123456789");
    finish("cifar10", "clp", 0, "a1", "0123456789");
    finish(plan("cifar10", "ft", 0), Map.of());
    assertThat(grid.build().doubts()).isEmpty();
  }

  /** Which of a machine's GPUs it was does not matter. */
  @ParameterizedTest
  @CsvSource({
    "device,     cpu(),   gpu(0),   'device (1 of cpu, 1 of gpu)'",
    "device,     gpu(1),  gpu(0),   ",
    "arithmetic, float32, bfloat16, 'arithmetic (1 of bfloat16, 1 of float32)'",
    "pytorch,    2.7.1,   2.8.0,    'PyTorch (1 of 2.7.1, 1 of 2.8.0)'",
    "djl,        0.35.1,  0.36.0,   'DJL (1 of 0.35.1, 1 of 0.36.0)'",
    "host,       here,    there,    ",
  })
  void whatMayChangeNumbers(String column, String one, String other, String difference) {
    finish(plan("cifar10", "none", 0), Map.of(column, one));
    finish(plan("cifar10", "clp", 0), Map.of(column, other));
    assertThat(grid.build().doubts())
        .isEqualTo(
            difference == null ? List.of() : List.of("Results differ in " + difference + "."));
  }

  /** Chance and the limits that follow: 2 * 1, 2 * 5.9, 10 + 9, 50 + 5, and 20 where unknown. */
  @ParameterizedTest
  @CsvSource({
    "1,   2,     2.01",
    "5.9, 11.8,  11.81",
    "10,  19,    19.01",
    "50,  55,    55.01",
    "'',  20,    20.01",
  })
  void modelsThatSayLittleMoreThanChance(String chance, double collapsed, double alive) {
    finish(plan("cifar10", "clp", 0), Map.of(Row.CHANCE, chance, "acc", collapsed));
    finish(plan("gtsrb", "clp", 0), Map.of(Row.CHANCE, chance, "acc", alive));
    Table table = grid.build();
    assertThat(table.footnotes())
        .containsExactly("collapsed: the model's ACC is little better than chance");
    assertThat(table.lines().get(0).cells()).allMatch(cell -> cell.notes().equals(List.of(1)));
    assertThat(table.lines().get(1).cells()).allMatch(cell -> cell.notes().isEmpty());
  }

  @Test
  void someSeedsThatCollapsed() {
    for (int seed = 0; seed < 3; seed++) {
      finish(plan("cifar10", "clp", seed), seed == 2 ? Map.of("acc", 10) : Map.of());
    }
    assertThat(grid.build().footnotes())
        .containsExactly("1 of 3 collapsed: the model's ACC is little better than chance");
  }

  @Test
  void resultsThatCannotBeRead() {
    finish(plan("cifar10", "none", 0), Map.of());
    Trial lost = plan("cifar10", "clp", 0);
    grid.damaged.add(
        new Rows.Damaged("out/rows/%s.csv".formatted(lost.id()), "does not match its digest"));
    assertThat(grid.terminal())
        .contains("90.0  2.0   damaged¹  damaged¹\n")
        .endsWith(
            """
            Left out, since damaged: out/rows/%s.csv: does not match its digest.
            ¹ damaged: does not match its digest
            """
                .formatted(lost.id()));
    grid.damaged.add(new Rows.Damaged("out/rows/compacted-1.csv", "cannot be read as a whole"));
    assertThat(grid.build().doubts())
        .singleElement()
        .asString()
        .endsWith("does not match its digest, and 1 more; verify names all.");
  }

  /** What other programs get. */
  @Test
  void areInJson() throws Exception {
    finish("cifar10", "none", 0, "a1", "0123456789");
    finish("cifar10", "none", 1, "b2", "0123456789");
    plan("cifar10", "clp", 0);
    JsonNode json = new ObjectMapper().readTree(TableFormat.named("json").render(grid.build()));
    assertThat(json.get("title").asText()).isEqualTo("paper/table1");
    assertThat(json.get("metrics").get(1).toString())
        .isEqualTo("{\"name\":\"asr\",\"unit\":\"percent\",\"better\":\"lower\"}");
    assertThat(json.get("doubts").toString())
        .isEqualTo("[\"Results differ in commit (1 of a1, 1 of b2).\"]");
    assertThat(json.get("cells")).hasSize(4);
    JsonNode cell = json.get("cells").get(0);
    assertThat(cell.get("labels").toString())
        .isEqualTo("{\"dataset\":\"cifar10\",\"defense\":\"none\"}");
    assertThat(cell.get("metric").asText()).isEqualTo("acc");
    assertThat(cell.get("status").asText()).isEqualTo("measured");
    assertThat(cell.get("mean").asDouble()).isEqualTo(90.5);
    assertThat(cell.get("std").asDouble()).isCloseTo(Math.sqrt(0.5), within(1e-12));
    assertThat(cell.get("n").asInt()).isEqualTo(2);
    assertThat(cell.get("notes").toString())
        .isEqualTo("[\"seeds differ in commit (1 of a1, 1 of b2)\"]");
    assertThat(json.get("cells").get(2).get("status").asText()).isEqualTo("missing");
    assertThat(json.get("cells").get(2).has("mean")).isFalse();
  }
}
