package io.backdoorgrid.report.table;

import static io.backdoorgrid.report.table.HandmadeGrid.spec;
import static io.backdoorgrid.report.table.HandmadeGrid.victim;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.metric.Metrics;
import io.backdoorgrid.store.Failure.Kind;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class TableFormatTest {

  /** One cell of every kind. */
  private static Table table() {
    var grid =
        new HandmadeGrid(
            List.of("dataset", "attack"), List.of("defense"), Metrics.ACC, Metrics.ASR);
    grid.caption.add("Profile x_y: 50% of the images.");
    for (String dataset : List.of("cifar10", "gtsrb")) {
      for (String attack : List.of("badnets", "wanet")) {
        for (long seed = 0; seed < 2; seed++) {
          var victim = victim(spec(dataset), spec("resnet18"), spec(attack), 0.1, seed);
          grid.finish(grid.plan(victim, spec("none"), 0), 94, 100);
          var ft = grid.plan(victim, spec("ft", "epochs", 10L), 0.05);
          var clp = grid.plan(victim, spec("clp"), 0.05);
          if (dataset.equals("cifar10")) {
            grid.finish(ft, 92 + seed, 3);
            grid.finish(clp, 90, attack.equals("wanet") ? Double.NaN : 1);
          } else if (attack.equals("badnets") && seed == 0) {
            grid.finish(ft, 91.25, 0);
          } else if (attack.equals("wanet")) {
            grid.fail(ft, Kind.DIVERGED, "loss < 0 & NaN|inf");
          }
        }
      }
    }
    return grid.build();
  }

  @Test
  void terminalAlignsColumns() {
    assertThat(TableFormat.named("terminal").render(table()))
        .isEqualTo(
            """
            paper/table1

                                       none                        ft                        clp
                               ─────────────────────   ───────────────────────────   ───────────────────
            dataset  attack          ACC         ASR             ACC           ASR         ACC       ASR
            ────────────────────────────────────────────────────────────────────────────────────────────
            cifar10  badnets   94.0 ±0.0  100.0 ±0.0       92.5 ±0.7      3.0 ±0.0   90.0 ±0.0  1.0 ±0.0
                     wanet     94.0 ±0.0  100.0 ±0.0       92.5 ±0.7      3.0 ±0.0   90.0 ±0.0         –
            gtsrb    badnets   94.0 ±0.0  100.0 ±0.0   91.3 [1 of 2]  0.0 [1 of 2]           ·         ·
                     wanet     94.0 ±0.0  100.0 ±0.0         failed¹       failed¹           ·         ·
            ────────────────────────────────────────────────────────────────────────────────────────────
            model=resnet18, poison-rate=0.1, clean-ratio=0.05
            Profile x_y: 50% of the images.
            Mean ± sample standard deviation over seeds.
            [n of N]: n of N seeds have a value.
            ·: not finished.
            ¹ diverged: loss < 0 & NaN|inf
            """);
  }

  @Test
  void terminalBreaksBetweenGroups() {
    assertThat(new TerminalTable(false, 60).render(table()))
        .isEqualTo(
            """
            paper/table1

                                       none
                               ─────────────────────
            dataset  attack          ACC         ASR
            ────────────────────────────────────────
            cifar10  badnets   94.0 ±0.0  100.0 ±0.0
                     wanet     94.0 ±0.0  100.0 ±0.0
            gtsrb    badnets   94.0 ±0.0  100.0 ±0.0
                     wanet     94.0 ±0.0  100.0 ±0.0
            ────────────────────────────────────────

                                           ft
                               ───────────────────────────
            dataset  attack              ACC           ASR
            ──────────────────────────────────────────────
            cifar10  badnets       92.5 ±0.7      3.0 ±0.0
                     wanet         92.5 ±0.7      3.0 ±0.0
            gtsrb    badnets   91.3 [1 of 2]  0.0 [1 of 2]
                     wanet           failed¹       failed¹
            ──────────────────────────────────────────────

                                       clp
                               ───────────────────
            dataset  attack          ACC       ASR
            ──────────────────────────────────────
            cifar10  badnets   90.0 ±0.0  1.0 ±0.0
                     wanet     90.0 ±0.0         –
            gtsrb    badnets           ·         ·
                     wanet             ·         ·
            ──────────────────────────────────────
            model=resnet18, poison-rate=0.1, clean-ratio=0.05
            Profile x_y: 50% of the images.
            Mean ± sample standard deviation over seeds.
            [n of N]: n of N seeds have a value.
            ·: not finished.
            ¹ diverged: loss < 0 & NaN|inf
            """);
  }

  @Test
  void terminalSetsTheBestInBoldWhenAsked() {
    assertThat(new TerminalTable(true, 0).render(table()).lines())
        .filteredOn(line -> line.startsWith("cifar10"))
        .singleElement()
        .asString()
        .isEqualTo(
            "cifar10  badnets   94.0 ±0.0  100.0 ±0.0       \u001b[1m92.5 ±0.7\u001b[22m      3.0"
                + " ±0.0   90.0 ±0.0  \u001b[1m1.0 ±0.0\u001b[22m");
    assertThat(new TerminalTable(false, 0).render(table())).doesNotContain("\u001b");
  }

  @Test
  void markdownIsOneTable() {
    assertThat(TableFormat.named("markdown").render(table()))
        .isEqualTo(
            """
            **paper/table1**

            | dataset | attack | none ACC | none ASR | ft ACC | ft ASR | clp ACC | clp ASR |
            | :-- | :-- | --: | --: | --: | --: | --: | --: |
            | cifar10 | badnets | 94.0 ±0.0 | 100.0 ±0.0 | **92.5 ±0.7** | 3.0 ±0.0 | 90.0 ±0.0 | **1.0 ±0.0** |
            | cifar10 | wanet | 94.0 ±0.0 | 100.0 ±0.0 | **92.5 ±0.7** | 3.0 ±0.0 | 90.0 ±0.0 | – |
            | gtsrb | badnets | 94.0 ±0.0 | 100.0 ±0.0 | 91.3 [1 of 2] | 0.0 [1 of 2] | · | · |
            | gtsrb | wanet | 94.0 ±0.0 | 100.0 ±0.0 | failed¹ | failed¹ | · | · |

            model=resnet18, poison-rate=0.1, clean-ratio=0.05

            Profile x\\_y: 50% of the images.

            Mean ± sample standard deviation over seeds.

            \\[n of N\\]: n of N seeds have a value.

            ·: not finished.

            Bold: the best of a line among models that have not collapsed and keep their ACC within 10 points.

            ¹ diverged: loss \\< 0 & NaN\\|inf
            """);
  }

  @Test
  void csvHasALinePerCellAndMetric() {
    assertThat(TableFormat.named("csv").render(table()))
        .isEqualTo(
            """
            dataset,attack,defense,metric,mean,std,n,of,published,difference,status,note
            cifar10,badnets,none,acc,94,0,2,2,,,measured,
            cifar10,badnets,none,asr,100,0,2,2,,,measured,
            cifar10,badnets,ft,acc,92.5,0.707107,2,2,,,measured,
            cifar10,badnets,ft,asr,3,0,2,2,,,measured,
            cifar10,badnets,clp,acc,90,0,2,2,,,measured,
            cifar10,badnets,clp,asr,1,0,2,2,,,measured,
            cifar10,wanet,none,acc,94,0,2,2,,,measured,
            cifar10,wanet,none,asr,100,0,2,2,,,measured,
            cifar10,wanet,ft,acc,92.5,0.707107,2,2,,,measured,
            cifar10,wanet,ft,asr,3,0,2,2,,,measured,
            cifar10,wanet,clp,acc,90,0,2,2,,,measured,
            cifar10,wanet,clp,asr,,,0,2,,,undefined,
            gtsrb,badnets,none,acc,94,0,2,2,,,measured,
            gtsrb,badnets,none,asr,100,0,2,2,,,measured,
            gtsrb,badnets,ft,acc,91.25,,1,2,,,measured,
            gtsrb,badnets,ft,asr,0,,1,2,,,measured,
            gtsrb,badnets,clp,acc,,,0,2,,,missing,
            gtsrb,badnets,clp,asr,,,0,2,,,missing,
            gtsrb,wanet,none,acc,94,0,2,2,,,measured,
            gtsrb,wanet,none,asr,100,0,2,2,,,measured,
            gtsrb,wanet,ft,acc,,,0,2,,,failed,diverged: loss < 0 & NaN|inf
            gtsrb,wanet,ft,asr,,,0,2,,,failed,diverged: loss < 0 & NaN|inf
            gtsrb,wanet,clp,acc,,,0,2,,,missing,
            gtsrb,wanet,clp,asr,,,0,2,,,missing,
            """);
  }

  @Test
  void latexUsesBooktabs() {
    assertThat(TableFormat.named("latex").render(table()))
        .isEqualTo(
            """
            % \\usepackage{booktabs}
            \\begin{table}
            \\centering
            \\caption{paper/table1. model=resnet18, poison-rate=0.1, clean-ratio=0.05. Profile x\\_y: 50\\% of the images. Mean $\\pm$ sample standard deviation over seeds. [n of N]: n of N seeds have a value. $\\cdot$: not finished. Bold: the best of a line among models that have not collapsed and keep their ACC within 10 points.}
            \\begin{tabular}{ll rr rr rr}
            \\toprule
             &  & \\multicolumn{2}{c}{none} & \\multicolumn{2}{c}{ft} & \\multicolumn{2}{c}{clp} \\\\
            \\cmidrule(lr){3-4}\\cmidrule(lr){5-6}\\cmidrule(lr){7-8}
            dataset & attack & ACC & ASR & ACC & ASR & ACC & ASR \\\\
            \\midrule
            cifar10 & badnets & 94.0 $\\pm$0.0 & 100.0 $\\pm$0.0 & \\textbf{92.5 $\\pm$0.7} & 3.0 $\\pm$0.0 & 90.0 $\\pm$0.0 & \\textbf{1.0 $\\pm$0.0} \\\\
             & wanet & 94.0 $\\pm$0.0 & 100.0 $\\pm$0.0 & \\textbf{92.5 $\\pm$0.7} & 3.0 $\\pm$0.0 & 90.0 $\\pm$0.0 & -- \\\\
            gtsrb & badnets & 94.0 $\\pm$0.0 & 100.0 $\\pm$0.0 & 91.3 [1 of 2] & 0.0 [1 of 2] & $\\cdot$ & $\\cdot$ \\\\
             & wanet & 94.0 $\\pm$0.0 & 100.0 $\\pm$0.0 & failed$^{1}$ & failed$^{1}$ & $\\cdot$ & $\\cdot$ \\\\
            \\bottomrule
            \\end{tabular}
            \\par\\footnotesize $^{1}$ diverged: loss \\textless{} 0 \\& NaN|inf
            \\end{table}
            """);
  }

  @Test
  void numbersDoNotDependOnTheLocale() {
    Locale before = Locale.getDefault();
    List<String> expected = TableFormat.NAMES.stream().map(this::render).toList();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(TableFormat.NAMES.stream().map(this::render)).isEqualTo(expected);
      Locale.setDefault(Locale.GERMANY);
      assertThat(TableFormat.NAMES.stream().map(this::render)).isEqualTo(expected);
    } finally {
      Locale.setDefault(before);
    }
  }

  private String render(String name) {
    return TableFormat.named(name).render(table());
  }

  @Test
  void knowsItsNames() {
    assertThatThrownBy(() -> TableFormat.named("markdwon"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "unknown table format 'markdwon'; did you mean 'markdown'?"
                + " (known: terminal, markdown, csv, latex, json)");
    assertThatThrownBy(() -> new TerminalTable(false, -1))
        .hasMessage("width must be 0 or more, got -1");
  }
}
