package io.backdoorgrid.run.victim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.backdoorgrid.catalog.Algorithms;
import io.backdoorgrid.grid.Axes;
import io.backdoorgrid.grid.Axis;
import io.backdoorgrid.grid.Axis.Owner;
import io.backdoorgrid.grid.Axis.Word;
import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.GridException;
import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.TrialId;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.grid.read.GridReader;
import io.backdoorgrid.report.table.Table;
import io.backdoorgrid.report.table.Tables;
import io.backdoorgrid.store.row.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One more setting is one description: everything else goes over the list of them. */
class AnotherAxisTest {

  private static final Axis LIGHT =
      Axis.of("light", Owner.VICTIM, new Word(List.of("day", "night"))).addedLater().inCaptions();

  private static final String GRID =
      """
      victims: {dataset: shapes, model: resnet18, attack: badnets, light: %s}
      defenses: [none, clp]
      """;

  @TempDir private Path folder;

  @Test
  void isReadFromTheGridFileAndMakesVictims() {
    Plan plan = plan(GRID.formatted("[day, night]"));
    assertThat(plan.victims()).hasSize(2);
    assertThat(plan.cells().stream().map(cell -> cell.text("light")))
        .containsExactly("day", "day", "night", "night");
  }

  @Test
  void keepsTheIdsOfPlansFromBeforeAtItsDefault() {
    String before = GRID.replace(", light: %s", "");
    Plan plan = plan(GRID.formatted("[day, night]"));
    Plan old = read(before, new Algorithms(), Overrides.NONE);
    assertThat(plan(before).trials()).extracting(Trial::id).isEqualTo(ids(old));
    assertThat(ids(plan).subList(0, 2)).isEqualTo(ids(old));
    assertThat(ids(plan).subList(2, 4)).doesNotContainAnyElementsOf(ids(old));
    assertThat(plan(before).resolved()).isEqualTo(old.resolved());
  }

  @Test
  void isAColumnOfTheRow() {
    Trial night = plan(GRID.formatted("night")).trials().get(0);
    Row row = Row.of(Descriptions.of(night));
    assertThat(row.text("light")).isEqualTo("night");
  }

  @Test
  void isToldApartInTablesAndToldInCaptions() {
    Table both = table(plan(GRID.formatted("[day, night]")));
    assertThat(both.rowAxes()).containsExactly("attack", "light");
    assertThat(both.lines().stream().map(Table.Line::labels))
        .containsExactly(List.of("badnets", "day"), List.of("badnets", "night"));
    assertThat(table(plan(GRID.formatted("night"))).caption().get(0)).endsWith("light=night");
    Table placed = table(plan(GRID.formatted("[day, night]") + "table: {columns: [light]}"));
    assertThat(placed.groups()).extracting(Table.Group::label).contains("light=day");
  }

  @Test
  void selectsAndIsSet() {
    String grid = GRID.formatted("[day, night]");
    assertThat(read(grid, catalog(), overrides(List.of(), List.of("light=night"))).victims())
        .hasSize(1);
    Plan set = read(GRID.formatted("day"), catalog(), overrides(List.of("light=night"), List.of()));
    assertThat(set.cells().get(0).text("light")).isEqualTo("night");
    assertThat(plan(grid + "exclude: {light: day}").victims()).hasSize(1);
  }

  @Test
  void namesTheNearestValue() {
    assertThatExceptionOfType(GridException.class)
        .isThrownBy(() -> plan(GRID.formatted("nigth")))
        .withMessageEndingWith("unknown light 'nigth'; did you mean 'night'? (known: day, night)");
  }

  private static Table table(Plan plan) {
    return Tables.build(plan, Map.of(), Map.of(), List.of(), Optional.empty());
  }

  private static List<TrialId> ids(Plan plan) {
    return plan.trials().stream().map(Trial::id).toList();
  }

  private static Overrides overrides(List<String> set, List<String> only) {
    return new Overrides(Optional.empty(), set, only, OptionalLong.empty());
  }

  private Plan plan(String text) {
    return read(text, catalog(), Overrides.NONE);
  }

  private Plan read(String text, Catalog catalog, Overrides overrides) {
    try {
      return GridReader.read(Files.writeString(folder.resolve("g.yaml"), text), catalog, overrides);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Catalog catalog() {
    var known = new Algorithms();
    return new Catalog() {
      @Override
      public Axes axes() {
        return Axes.STANDARD.and(LIGHT);
      }

      @Override
      public Set<String> names(Kind kind) {
        return known.names(kind);
      }

      @Override
      public Entry entry(Kind kind, String name) {
        return known.entry(kind, name);
      }

      @Override
      public Optional<String> obstacle(Victim victim) {
        return known.obstacle(victim);
      }
    };
  }
}
