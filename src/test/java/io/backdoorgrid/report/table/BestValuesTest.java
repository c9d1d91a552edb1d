package io.backdoorgrid.report.table;

import static io.backdoorgrid.report.table.HandmadeGrid.spec;
import static io.backdoorgrid.report.table.HandmadeGrid.victim;
import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.grid.TableSpec;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.metric.Derived;
import io.backdoorgrid.metric.Metric;
import io.backdoorgrid.metric.Metric.Better;
import io.backdoorgrid.metric.Metrics;
import io.backdoorgrid.metric.Unit;
import io.backdoorgrid.store.Failure.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BestValuesTest {
  private static final List<String> ATTACK = List.of("attack");
  private static final List<String> DEFENSE = List.of("defense");
  private static final String REMARK =
      "Bold: the best of a line among models that have not collapsed and keep their ACC within 10"
          + " points.";

  private final HandmadeGrid grid = new HandmadeGrid(ATTACK, DEFENSE, Metrics.ACC, Metrics.ASR);

  /** What is bold in the first line, such as {@code "clp ASR 2.0"}. */
  private static List<String> bold(HandmadeGrid grid) {
    Table table = grid.build();
    List<Cell> cells = table.lines().get(0).cells();
    return cells.stream()
        .filter(Cell::best)
        .map(
            cell ->
                table.groups().get(cells.indexOf(cell) / table.metrics().size()).label()
                    + " "
                    + cell.metric().heading()
                    + " "
                    + CellText.of(cell, table.decimals()).value())
        .toList();
  }

  private void finish(String defense, double victimAcc, double acc, double asr) {
    finish(grid.plan("badnets", defense), victimAcc, acc, asr);
  }

  private void finish(Trial trial, double victimAcc, double acc, double asr) {
    grid.finish(trial, Map.of("victim-acc", victimAcc, "acc", acc, "asr", asr));
  }

  @Test
  void areTheBestDefensesAsPrinted() {
    grid.finish(grid.plan("badnets", "none"), 99, 0);
    grid.finish(grid.plan("badnets", "ft"), 92.01, 3);
    grid.finish(grid.plan("badnets", "clp"), 91.99, 2);
    grid.finish(grid.plan("badnets", "hid"), 50, Double.NaN);
    assertThat(bold(grid)).containsExactly("ft ACC 92.0", "clp ACC 92.0", "clp ASR 2.0");
  }

  @Test
  void needARival() {
    finish("none", 94, 94, 100);
    finish("clp", 94, 92, 3);
    assertThat(bold(grid)).isEmpty();
  }

  @Test
  void areNeverThoseOfADestroyedModel() {
    finish("hid", 94, 10, 0);
    finish("clp", 94, 85, 2);
    assertThat(bold(grid)).containsExactly("clp ACC 85.0", "clp ASR 2.0");
  }

  /** 93.86 - 83.86 is a little more than 10 in binary. */
  @Test
  void mayLoseJustTenPointsOfAcc() {
    finish("clp", 93.86, 83.86, 1);
    finish("lpp", 93.86, 83.85, 0);
    finish("ft", 93.86, 90, 50);
    assertThat(bold(grid)).containsExactly("clp ASR 1.0", "ft ACC 90.0");
  }

  @Test
  void loseAsMuchAccAsTheGridAllows() {
    var strict =
        new HandmadeGrid(
            new TableSpec(ATTACK, DEFENSE, List.of(Metrics.ASR), Optional.empty(), 2.5));
    strict.finish(strict.plan("badnets", "clp"), Map.of("victim-acc", 94, "acc", 91.4, "asr", 0));
    strict.finish(strict.plan("badnets", "ft"), Map.of("victim-acc", 94, "acc", 91.5, "asr", 9));
    assertThat(bold(strict)).containsExactly("ft ASR 9.0");
    assertThat(strict.build().captionWithBold().toString())
        .contains("keep their ACC within 2.5 points.");
  }

  /** Whatever is done to a model at chance, it keeps its ACC. */
  @Test
  void areNeverThoseOfACollapsedVictim() {
    finish("clp", 10, 10, 0);
    finish("ft", 10, 12, 5);
    assertThat(bold(grid)).isEmpty();
    finish("hid", 10, 92, 1);
    assertThat(bold(grid)).as("trained anew").containsExactly("hid ACC 92.0", "hid ASR 1.0");
  }

  @Test
  void areNotThoseWhoseLossOfAccIsUnknown() {
    grid.finish(grid.plan("badnets", "clp"), Map.of("acc", 94, "asr", 0));
    grid.finish(grid.plan("badnets", "ft"), Map.of("victim-acc", 94, "asr", 1));
    finish("hid", 94, 90, 2);
    assertThat(bold(grid)).containsExactly("hid ACC 90.0", "hid ASR 2.0");
  }

  /** The mean loss counts: 12 and 6 points are 9, 14 and 8 are 11. */
  @Test
  void loseTenPointsInTheMeanOverSeeds() {
    double[] victims = {94, 90};
    for (int seed = 0; seed < 2; seed++) {
      double acc = victims[seed];
      finish(of("clp", seed), acc, acc - (seed == 0 ? 12 : 6), 5);
      finish(of("lpp", seed), acc, acc - (seed == 0 ? 14 : 8), 1);
    }
    assertThat(bold(grid)).containsExactly("clp ACC 83.0 ±1.4", "clp ASR 5.0 ±0.0");
  }

  @Test
  void areNotThoseOfWhichASeedFailedOrCollapsed() {
    for (int seed = 0; seed < 8; seed++) {
      finish(of("clp", seed), 94, seed == 7 ? 20 : 94, 0);
      finish(of("ft", seed), 94, 90, 9);
      if (seed == 7) {
        grid.fail(of("lpp", seed), Kind.DIVERGED, "the loss is NaN");
      } else {
        finish(of("lpp", seed), 94, 94, 0);
      }
    }
    assertThat(bold(grid)).containsExactly("ft ACC 90.0 ±0.0", "ft ASR 9.0 ±0.0");
  }

  private Trial of(String defense, long seed) {
    return grid.plan(victim("badnets", 0.1, seed), spec(defense), 0);
  }

  @Test
  void compareAllColumnsWhereNoneIsADefense() {
    var threads =
        new Derived(
            "threads",
            "threads",
            Unit.COUNT,
            Better.NEITHER,
            Set.of("threads"),
            row -> row.applyAsDouble("threads"));
    var rates = new HandmadeGrid(DEFENSE, List.of("poison-rate"), Metrics.ASR, threads);
    for (double rate : new double[] {0.01, 0.1}) {
      rates.finish(
          rates.plan(victim("badnets", rate, 0), spec("none"), 0),
          Map.of("victim-acc", 94, "acc", 94, "asr", 1000 * rate / 2, "threads", 100 * rate));
    }
    assertThat(bold(rates)).containsExactly("poison-rate=0.01 ASR 5.0");
  }

  @Test
  void goByTheDirectionOfTheirMetric() {
    var all = new HandmadeGrid(ATTACK, DEFENSE, Metrics.STANDARD.toArray(Metric[]::new));
    Map<String, Object> cheap =
        Map.of(
            "victim-acc",
            90,
            "victim-asr",
            100,
            "acc",
            92,
            "asr",
            50,
            "ra",
            40,
            "cross",
            80,
            "seconds",
            1);
    Map<String, Object> thorough =
        Map.of(
            "victim-acc",
            90,
            "victim-asr",
            100,
            "acc",
            88,
            "asr",
            4,
            "ra",
            90,
            "cross",
            85,
            "seconds",
            100);
    all.finish(all.plan("wanet", "clp"), cheap);
    all.finish(all.plan("wanet", "ft"), thorough);
    assertThat(bold(all))
        .containsExactly(
            "clp ACC 92.0",
            "clp seconds 1.00",
            "clp ACC drop -2.0",
            "ft ASR 4.0",
            "ft RA 90.0",
            "ft CROSS 85.0",
            "ft DER 97.0");
  }

  @Test
  void areExplainedWhereThereIsBoldType() {
    finish("ft", 94, 92, 3);
    assertThat(grid.build().boldRemark()).isEmpty();

    finish("clp", 94, 92, 2);
    Table table = grid.build();
    assertThat(new TerminalTable(true, 0).render(table)).endsWith("\n" + REMARK + "\n");
    assertThat(new MarkdownTable().render(table)).endsWith("\n" + REMARK + "\n");
    assertThat(new LatexTable().render(table)).contains(REMARK);
    assertThat(TerminalTable.PLAIN.render(table)).doesNotContain("Bold");
  }
}
