package io.backdoorgrid.report.table;

import static io.backdoorgrid.report.table.HandmadeGrid.spec;
import static io.backdoorgrid.report.table.HandmadeGrid.victim;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.metric.Metrics;
import io.backdoorgrid.store.Failure.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class TablesTest {
  private static final List<String> ATTACK = List.of("attack");
  private static final List<String> DEFENSE = List.of("defense");

  @Test
  void putsMetricsUnderDefenses() {
    var grid = new HandmadeGrid(ATTACK, DEFENSE, Metrics.ACC, Metrics.ASR, Metrics.SECONDS);
    grid.finish(grid.plan("badnets", "none"), 93.86, 100, Double.NaN);
    grid.finish(grid.plan("badnets", "ft"), 92.22, 2.16, 12.345);
    grid.finish(grid.plan("badnets", "clp"), 93.46, 1.38, 0.012345);
    grid.finish(grid.plan("wanet", "none"), 94.11, 99.67, Double.NaN);
    grid.finish(grid.plan("wanet", "ft"), 93.48, 17.1, 4683.2);
    grid.finish(grid.plan("wanet", "clp"), 93.48, 8.5, 0.5);

    assertThat(grid.terminal())
        .isEqualTo(
            """
            paper/table1

                              none                   ft                   clp
                      ────────────────────   ───────────────────   ──────────────────
            attack     ACC    ASR  seconds    ACC   ASR  seconds    ACC  ASR  seconds
            ─────────────────────────────────────────────────────────────────────────
            badnets   93.9  100.0        –   92.2   2.2     12.3   93.5  1.4   0.0123
            wanet     94.1   99.7        –   93.5  17.1     4683   93.5  8.5    0.500
            ─────────────────────────────────────────────────────────────────────────
            dataset=cifar10, model=resnet18, poison-rate=0.1
            """);
  }

  @Test
  void showsWhatIsMissingFailedUndefinedAndNotPlanned() {
    var grid = new HandmadeGrid(ATTACK, DEFENSE, Metrics.ACC, Metrics.ASR);
    grid.caption.add("Profile laptop: 5 epochs.");
    grid.finish(grid.plan("none", "none"), 94, Double.NaN);
    grid.plan("badnets", "none");
    grid.fail(grid.plan("badnets", "anp"), Kind.DIVERGED, "the loss is NaN\nin epoch 3");
    grid.fail(grid.plan("wanet", "none"), Kind.OUT_OF_MEMORY, "x".repeat(200));
    grid.fail(grid.plan("wanet", "anp"), Kind.DIVERGED, "the loss is NaN\nin epoch 3");

    assertThat(grid.terminal())
        .isEqualTo(
            """
            paper/table1

                            none               anp
                      ────────────────   ────────────────
            attack        ACC      ASR       ACC      ASR
            ─────────────────────────────────────────────
            none         94.0        –
            badnets         ·        ·   failed¹  failed¹
            wanet     failed²  failed²   failed¹  failed¹
            ─────────────────────────────────────────────
            dataset=cifar10, model=resnet18, poison-rate=0.1
            Profile laptop: 5 epochs.
            ·: not finished.
            ¹ diverged: the loss is NaN in epoch 3
            ² out-of-memory: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
            """);
  }

  /** In the place that the plan gives them; one reason is told once. */
  @Test
  void showsWhatIsSkippedAndWhy() {
    var grid = new HandmadeGrid(ATTACK, DEFENSE, Metrics.ACC, Metrics.ASR);
    for (String defense : List.of("none", "clp")) {
      grid.finish(grid.plan("badnets", defense), 94, 2);
      grid.skip(grid.plan("sig", defense), "sig: too much");
      grid.plan("wanet", defense);
    }
    grid.fail(grid.plan("bpp", "none"), Kind.OTHER, "executor lost");

    assertThat(grid.terminal())
        .isEqualTo(
            """
            paper/table1

                             none                 clp
                      ──────────────────   ──────────────────
            attack         ACC       ASR        ACC       ASR
            ─────────────────────────────────────────────────
            badnets       94.0       2.0       94.0       2.0
            sig       skipped¹  skipped¹   skipped¹  skipped¹
            wanet            ·         ·          ·         ·
            bpp        failed²   failed²
            ─────────────────────────────────────────────────
            dataset=cifar10, model=resnet18, poison-rate=0.1
            ·: not finished.
            ¹ sig: too much
            ² other: executor lost
            """);
    assertThat(new CsvTable().render(grid.build()))
        .contains("sig,clp,asr,,,0,1,,,skipped,sig: too much");
  }

  @Test
  void averagesSeedsAndSaysWhichAreIn() {
    var grid = new HandmadeGrid(ATTACK, DEFENSE, Metrics.ACC, Metrics.ASR);
    double[][] values = {{90, 1}, {92, 2}, {94, 6}};
    for (int seed = 0; seed < 3; seed++) {
      grid.finish(grid.plan(victim("badnets", 0.1, seed), spec("clp"), 0), values[seed]);
      var second = grid.plan(victim("badnets", 0.1, seed), spec("hid"), 0);
      if (seed < 2) {
        grid.finish(second, values[seed]);
      } else {
        grid.fail(second, Kind.OTHER, "executor lost");
      }
      var third = grid.plan(victim("badnets", 0.1, seed), spec("anp"), 0);
      if (seed == 1) {
        grid.finish(third, values[seed]);
      }
    }

    assertThat(grid.terminal())
        .isEqualTo(
            """
            paper/table1

                              clp                             hid                                 anp
                      ───────────────────   ───────────────────────────────────────   ───────────────────────────
            attack          ACC       ASR                   ACC                 ASR             ACC           ASR
            ─────────────────────────────────────────────────────────────────────────────────────────────────────
            badnets   92.0 ±2.0  3.0 ±2.6   91.0 ±1.4¹ [2 of 3]  1.5 ±0.7¹ [2 of 3]   92.0 [1 of 3]  2.0 [1 of 3]
            ─────────────────────────────────────────────────────────────────────────────────────────────────────
            dataset=cifar10, model=resnet18, poison-rate=0.1
            Mean ± sample standard deviation over seeds.
            [n of N]: n of N seeds have a value.
            ¹ other: executor lost
            """);
  }

  @Test
  void namesOnlyTheHyperparametersThatDiffer() {
    var grid = new HandmadeGrid(ATTACK, DEFENSE, Metrics.ACC);
    for (double u : new double[] {2, 3.5}) {
      grid.finish(grid.plan(victim("badnets", 0.1, 0), spec("clp", "u", u, "eps", 0.0), 0), 90 + u);
    }
    grid.finish(grid.plan(victim("badnets", 0.1, 0), spec("hid", "u", 9L), 0), 1);
    assertThat(grid.build().groups())
        .extracting(Table.Group::label)
        .containsExactly("clp u=2", "clp u=3.5", "hid");
  }

  @Test
  void doesNotRepeatAHyperparameterThatIsAnAxis() {
    var grid = new HandmadeGrid(List.of("clp.u"), DEFENSE, Metrics.ACC);
    grid.finish(grid.plan(victim("badnets", 0.1, 0), spec("none"), 0), 94);
    for (double u : new double[] {2, 3}) {
      grid.finish(grid.plan(victim("badnets", 0.1, 0), spec("clp", "u", u), 0), 90 + u);
    }
    assertThat(grid.terminal())
        .isEqualTo(
            """
            paper/table1

                    none   clp
                    ────   ────
            clp.u    ACC    ACC
            ───────────────────
            2       94.0   92.0
            3       94.0   93.0
            ───────────────────
            dataset=cifar10, model=resnet18, attack=badnets, poison-rate=0.1
            """);
  }

  @Test
  void addsEveryOtherAxisThatVariesToTheRows() {
    var grid = new HandmadeGrid(ATTACK, DEFENSE, Metrics.ACC);
    for (double rate : new double[] {0.01, 0.1}) {
      for (String attack : List.of("badnets", "wanet")) {
        for (String dataset : List.of("cifar10", "gtsrb")) {
          var victim = victim(spec(dataset), spec("resnet18"), spec(attack), rate, 0);
          grid.finish(grid.plan(victim, spec("none"), 0), 90);
        }
      }
    }
    assertThat(grid.terminal())
        .isEqualTo(
            """
            paper/table1

                                            none
                                            ────
            attack   dataset  poison-rate    ACC
            ────────────────────────────────────
            badnets  cifar10  0.01          90.0
                              0.1           90.0
                     gtsrb    0.01          90.0
                              0.1           90.0
            wanet    cifar10  0.01          90.0
                              0.1           90.0
                     gtsrb    0.01          90.0
                              0.1           90.0
            ────────────────────────────────────
            model=resnet18
            """);
  }

  @Test
  void showsADefenseWithoutCleanDataAtEveryCleanRatio() {
    var grid = new HandmadeGrid(ATTACK, DEFENSE, Metrics.ACC);
    for (String attack : List.of("none", "badnets")) {
      var victim = victim(attack, attack.equals("none") ? 0 : 0.1, 0);
      grid.finish(grid.plan(victim, spec("clp"), 0), 93);
      if (!attack.equals("none")) {
        grid.finish(grid.plan(victim, spec("ft"), 0.01), 91);
        grid.finish(grid.plan(victim, spec("ft"), 0.05), 92);
      }
    }
    assertThat(grid.terminal())
        .isEqualTo(
            """
            paper/table1

                                   clp     ft
                                   ────   ────
            attack   clean-ratio    ACC    ACC
            ──────────────────────────────────
            none     –             93.0
            badnets  0.01          93.0   91.0
                     0.05          93.0   92.0
            ──────────────────────────────────
            dataset=cifar10, model=resnet18, poison-rate=0.1
            """);
  }

  @Test
  void showsADefenseWithoutExtractorAtEveryExtractor() {
    var grid = new HandmadeGrid(ATTACK, DEFENSE, Metrics.ACC);
    var victim = victim("badnets", 0.1, 0);
    grid.finish(grid.plan(victim, spec("clp"), 0), 93);
    grid.finish(grid.plan(victim, spec("hp"), spec("simclr", "epochs", 5L), 0), 91);
    grid.finish(grid.plan(victim, spec("hp"), spec("simclr", "epochs", 9L), 0), 92);
    grid.finish(grid.plan(victim, spec("hp"), spec("supervised", "epochs", 5L), 0), 94);
    assertThat(grid.terminal())
        .isEqualTo(
            """
            paper/table1

                                       clp     hp
                                       ────   ────
            attack   extractor          ACC    ACC
            ──────────────────────────────────────
            badnets  simclr epochs=5   93.0   91.0
                     simclr epochs=9   93.0   92.0
                     supervised        93.0   94.0
            ──────────────────────────────────────
            dataset=cifar10, model=resnet18, poison-rate=0.1
            """);
  }

  @Test
  void namesTheOneExtractorUnderTheTable() {
    var grid = new HandmadeGrid(ATTACK, DEFENSE, Metrics.ACC);
    var victim = victim("badnets", 0.1, 0);
    grid.finish(grid.plan(victim, spec("clp"), 0), 93);
    grid.finish(grid.plan(victim, spec("hid"), spec("simclr", "epochs", 5L), 0.05), 91);
    assertThat(grid.build().caption())
        .containsExactly(
            "dataset=cifar10, model=resnet18, poison-rate=0.1, extractor=simclr, clean-ratio=0.05");
  }

  @Test
  void placesExtractorsAndTheirHyperparameters() {
    var byName = new HandmadeGrid(ATTACK, List.of("defense", "extractor"), Metrics.ACC);
    var byEpochs = new HandmadeGrid(List.of("extractor.epochs"), DEFENSE, Metrics.ACC);
    for (var grid : List.of(byName, byEpochs)) {
      var victim = victim("badnets", 0.1, 0);
      grid.finish(grid.plan(victim, spec("clp"), 0), 93);
      for (long epochs : new long[] {5, 9}) {
        var simclr = spec("simclr", "epochs", epochs);
        grid.finish(grid.plan(victim, spec("hp"), simclr, 0), 90 + epochs);
      }
    }
    assertThat(byName.build().groups())
        .extracting(Table.Group::label)
        .containsExactly("clp", "hp, simclr epochs=5", "hp, simclr epochs=9");
    assertThat(byEpochs.terminal())
        .isEqualTo(
            """
            paper/table1

                               clp     hp
                               ────   ────
            extractor.epochs    ACC    ACC
            ──────────────────────────────
            5                  93.0   95.0
            9                  93.0   99.0
            ──────────────────────────────
            dataset=cifar10, model=resnet18, attack=badnets, poison-rate=0.1, extractor=simclr
            """);
  }

  @Test
  void refusesToAverageWhatItCannotTellApart() {
    var grid = new HandmadeGrid(ATTACK, DEFENSE, Metrics.ACC, Metrics.ASR);
    grid.plan("badnets", "clp");
    grid.plan("badnets", "clp");
    assertThatThrownBy(grid::build)
        .hasMessage(
            "trials 0000000000000001 and 0000000000000002 differ, but not in an axis of the table;"
                + " they cannot be averaged");
  }

  @Test
  void rendersAPlanWithoutTrials() {
    assertThat(new HandmadeGrid(ATTACK, DEFENSE, Metrics.ACC, Metrics.ASR).terminal())
        .startsWith("paper/table1\n");
  }
}
