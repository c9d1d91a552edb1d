package io.backdoorgrid.report.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.catalog.Algorithms;
import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.GridException;
import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.grid.read.GridReader;
import io.backdoorgrid.metric.Derived;
import io.backdoorgrid.metric.Metric;
import io.backdoorgrid.metric.Metric.Better;
import io.backdoorgrid.metric.Unit;
import io.backdoorgrid.report.published.PaperSettings;
import io.backdoorgrid.report.published.Published;
import io.backdoorgrid.store.row.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One more metric is one description: everything else goes over the list of them. */
class AnotherMetricTest {

  /** BackdoorBench's robustness improvement rating, which nothing else knows of. */
  private static final Metric RIR =
      new Derived(
          "rir",
          "RIR",
          Unit.PERCENT,
          Better.HIGHER,
          Set.of("victim-acc", "acc", "victim-ra", "ra"),
          row ->
              (Math.max(0, row.applyAsDouble("ra") - row.applyAsDouble("victim-ra"))
                      - Math.max(0, row.applyAsDouble("victim-acc") - row.applyAsDouble("acc"))
                      + 100)
                  / 2);

  /** All that there is, and one metric more. */
  private record OneMore(Catalog catalog, Metric metric) implements Catalog {
    @Override
    public List<Metric> metrics() {
      return Stream.concat(catalog.metrics().stream(), Stream.of(metric)).toList();
    }

    @Override
    public Set<String> names(Kind kind) {
      return catalog.names(kind);
    }

    @Override
    public Entry entry(Kind kind, String name) {
      return catalog.entry(kind, name);
    }

    @Override
    public Optional<String> obstacle(Victim victim) {
      return catalog.obstacle(victim);
    }
  }

  private static final Catalog CATALOG = new OneMore(new Algorithms(), RIR);

  @TempDir Path folder;

  private Path write(String metrics) throws IOException {
    return Files.writeString(
        folder.resolve("mine.yaml"),
        """
        victims: {dataset: shapes, model: resnet18, attack: badnets}
        defenses: [none, ft, clp]
        table: {rows: attack, columns: defense, metrics: [%s], published: mine}
        """
            .formatted(metrics));
  }

  @Test
  void isReadFromTheGridFileAndShownInTables() throws IOException {
    Plan plan = GridReader.read(write("acc, rir"), CATALOG, Overrides.NONE);
    assertThat(plan.table().measurements()).contains("victim-ra", "ra");
    assertThat(plan.resolved().toString()).contains("metrics=[acc, rir]");
    Files.writeString(
        folder.resolve("mine.csv"),
        """
        paper,table,dataset,model,attack,poison_rate,defense,parameter,metric,value,note
        mine,1,shapes,resnet18,badnets,10,clp,,rir,94,
        """);
    Table table =
        Tables.build(
            plan,
            rows(plan),
            Map.of(),
            List.of(),
            Optional.of(Published.load(folder, "mine", new PaperSettings(CATALOG, plan))));

    assertThat(new MarkdownTable().render(table))
        .contains(
            """
            | attack | none ACC | none RIR | ft ACC | ft RIR | clp ACC | clp RIR |
            | :-- | --: | --: | --: | --: | --: | --: |
            | badnets | 90.00 | 50.00 | **88.00** | 69.00 | 86.00 | **93.00** (94, -1.00) |
            """);
    assertThat(new CsvTable().render(table)).contains("badnets,clp,rir,93,,1,1,94,-1,measured,\n");
  }

  /** Undefended 90 and 0, ft 88 and 40, clp 86 and 90 percent of ACC and RA. */
  private static Map<String, Row> rows(Plan plan) {
    Map<String, Row> rows = new HashMap<>();
    for (Trial trial : plan.trials()) {
      String defense = trial.defense().name();
      double acc = defense.equals("none") ? 90 : defense.equals("ft") ? 88 : 86;
      double ra = defense.equals("none") ? 0 : defense.equals("ft") ? 40 : 90;
      String id = trial.id().toString();
      rows.put(
          id, Row.of(Map.of("trial", id, "victim-acc", 90, "victim-ra", 0, "acc", acc, "ra", ra)));
    }
    return rows;
  }

  @Test
  void isNamedBesideTheOthers() throws IOException {
    Path file = write("acc, rri");
    assertThatThrownBy(() -> GridReader.read(file, CATALOG, Overrides.NONE))
        .isInstanceOf(GridException.class)
        .hasMessageEndingWith(
            "unknown metric 'rri'; did you mean 'rir'?"
                + " (known: acc, asr, ra, cross, seconds, der, acc-drop, rir)");
  }
}
