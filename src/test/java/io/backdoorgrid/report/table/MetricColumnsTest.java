package io.backdoorgrid.report.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.catalog.Algorithms;
import io.backdoorgrid.metric.Metrics;
import io.backdoorgrid.report.published.PaperSettings;
import io.backdoorgrid.report.published.Published;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricColumnsTest {
  private static final List<String> ATTACK = List.of("attack");
  private static final List<String> DEFENSE = List.of("defense");

  @TempDir Path folder;

  /** Of a clean model there is no ASR, and so no DER. */
  @Test
  void showDerAndTheLossOfAcc() {
    var grid = new HandmadeGrid(ATTACK, DEFENSE, Metrics.ACC, Metrics.DER, Metrics.ACC_DROP);
    grid.finish(
        grid.plan("badnets", "clp"),
        Map.of("victim-acc", 90, "victim-asr", 100, "acc", 85, "asr", 10));
    grid.finish(grid.plan("none", "clp"), Map.of("victim-acc", 90, "acc", 91.25));
    assertThat(grid.terminal())
        .isEqualTo(
            """
            paper/table1

                              clp
                      ────────────────────
            attack     ACC   DER  ACC drop
            ──────────────────────────────
            badnets   85.0  92.5       5.0
            none      91.3     –      -1.3
            ──────────────────────────────
            dataset=cifar10, model=resnet18, poison-rate=0.1
            """);
  }

  @Test
  void showCrossAccuracyWhereTheAttackDefinesIt() {
    var grid = new HandmadeGrid(ATTACK, DEFENSE, Metrics.ACC, Metrics.CROSS);
    grid.finish(grid.plan("wanet", "clp"), 94, 93.04);
    grid.finish(grid.plan("badnets", "clp"), 94);
    assertThat(grid.build().lines().get(1).cells().get(1).status())
        .isEqualTo(Cell.Status.UNDEFINED);
    assertThat(grid.terminal()).contains("CROSS").contains("93.0");
  }

  @Test
  void putPublishedValuesBesideTheMeasuredOnes() throws IOException {
    Files.writeString(
        folder.resolve("mine.csv"),
        """
        paper,table,dataset,model,attack,poison_rate,defense,parameter,metric,value,note
        p,t,cifar10,resnet18,badnets,10,clp,,acc,93.36,
        p,t,cifar10,resnet18,wanet,10,clp,,acc,91.9,
        p,t,cifar10,resnet18,bpp,10,clp,,acc,90,
        p,t,cifar10,resnet18,,,clp,,seconds,2.5,
        """);
    var grid = new HandmadeGrid(ATTACK, DEFENSE, Metrics.ACC, Metrics.SECONDS);
    grid.finish(grid.plan("badnets", "clp"), 93.406, 0.51234);
    grid.finish(grid.plan("wanet", "clp"), 90.899, 12.3);
    grid.plan("bpp", "clp");
    grid.finish(grid.plan("sig", "clp"), 90, 2.5);
    grid.published =
        Optional.of(
            Published.load(folder, "mine", new PaperSettings(new Algorithms(), grid.asPlan())));

    assertThat(grid.terminal())
        .isEqualTo(
            """
            paper/table1

                                        clp
                      ────────────────────────────────────────
            attack                     ACC             seconds
            ──────────────────────────────────────────────────
            badnets   93.41 (93.36, +0.05)  0.512 (2.5, -1.99)
            wanet      90.90 (91.9, -1.00)   12.3 (2.5, +9.80)
            bpp                     · (90)             · (2.5)
            sig                      90.00   2.50 (2.5, +0.00)
            ──────────────────────────────────────────────────
            dataset=cifar10, model=resnet18, poison-rate=0.1
            In parentheses: the value published in mine, and measured minus published.
            ·: not finished.
            """);
  }
}
