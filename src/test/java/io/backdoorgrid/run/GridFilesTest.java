package io.backdoorgrid.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.catalog.Algorithms;
import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.read.GridReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The grids that come with the project. */
class GridFilesTest {

  private static final Path GRIDS = Path.of("grids");

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(GRIDS)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> !file.startsWith(GRIDS.resolve("profiles")))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void areSoundAndBearTheirFilesName(Path file) {
    Plan plan = GridReader.read(file, new Algorithms(), Overrides.NONE);
    String name = GRIDS.relativize(file).toString().replace(".yaml", "");
    assertThat(plan.name()).isEqualTo(name);
    assertThat(plan.trials()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("files")
  void canBeTriedOnALaptop(Path file) {
    var laptop =
        new Overrides(
            Optional.of(GRIDS.resolve("profiles/laptop.yaml")),
            List.of(),
            List.of(),
            OptionalLong.empty());
    Plan plan = GridReader.read(file, new Algorithms(), laptop);
    assertThat(plan.victims())
        .allSatisfy(victim -> assertThat(victim.model().parameters()).containsEntry("width", 16L));
  }

  /** Seven attacks, and as many trainings, however many defenses there are. */
  @Test
  void trainEachVictimOfAPapersTableOnce() {
    Plan plan = GridReader.read(GRIDS.resolve("clp/table1.yaml"), new Algorithms(), Overrides.NONE);
    assertThat(plan.victims()).hasSize(7);
    assertThat(plan.trials().size()).isGreaterThanOrEqualTo(3 * 7);
  }
}
