package io.backdoorgrid.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.Catalog.Kind;
import io.backdoorgrid.grid.GridReader;
import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.grid.VictimId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All that grid files may name. */
class AlgorithmsTest {

  @TempDir private Path folder;

  private final Catalog catalog = new Algorithms();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          badnets     | backdoorbench clp hp lpp wiper
          badnets-a2a | backdoorbench clp
          blended     | backdoorbench clp wiper
          sig         | backdoorbench hp wiper
          wanet       | backdoorbench clp hp lpp wiper
          bpp         | backdoorbench hp lpp
          none        |
          """)
  void haveTheAttacksOfPapersAsPresets(String attack, String presets) {
    assertThat(catalog.entry(Kind.ATTACK, attack).presets().keySet())
        .containsExactlyElementsOf(presets == null ? List.of() : List.of(presets.split(" ")));
  }

  /** The benchmark's setting is the default of every attack. */
  @Test
  void defaultToTheBenchmark() {
    for (String attack : List.of("badnets", "badnets-a2a", "blended", "sig", "wanet", "bpp")) {
      Catalog.Entry entry = catalog.entry(Kind.ATTACK, attack);
      assertThat(entry.presets()).containsEntry("backdoorbench", entry.defaults());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ATTACK  | badnets     | clp           | {pattern=random}
          ATTACK  | badnets     | hp            | {target=1}
          ATTACK  | badnets     | wiper         | {pattern=random, corner=top-left}
          ATTACK  | badnets-a2a | clp           | {pattern=random}
          ATTACK  | sig         | hp            | {target=1}
          ATTACK  | sig         | wiper         | {delta=20.0}
          ATTACK  | wanet       | hp            | {target=1}
          ATTACK  | bpp         | hp            | {target=1}
          DEFENSE | clp         | tinyimagenet  | {u=5.0}
          DEFENSE | ft          | wiper         | {learning-rate=0.1, weight-decay=1.0E-4}
          DEFENSE | ft          | backdoorbench | {epochs=100, batch=256, learning-rate=0.01, schedule=cosine}
          """)
  void haveWhatThePapersSayOtherwise(Kind kind, String name, String preset, String changed) {
    Catalog.Entry entry = catalog.entry(kind, name);
    Map<String, Object> values = new LinkedHashMap<>(entry.presets().get(preset));
    values.entrySet().removeAll(entry.defaults().entrySet());
    assertThat(values).hasToString(changed);
  }

  /** Ids are names of stored victims: these are from before there were presets. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          badnets                                   | 2980670ae0212e9f
          {badnets: {preset: backdoorbench}}        | 2980670ae0212e9f
          {badnets: {preset: lpp}}                  | 2980670ae0212e9f
          {badnets: {preset: wiper, pattern: white, corner: bottom-right}} | 2980670ae0212e9f
          {sig: {delta: 20}}                        | 5045385340d08661
          {sig: {preset: wiper}}                    | 5045385340d08661
          """)
  void keepTheirIds(String attack, String id) throws IOException {
    String grid = "{victims: {dataset: cifar10, model: resnet18, attack: %s}, defenses: none}";
    Path file = Files.writeString(folder.resolve("grid.yaml"), grid.formatted(attack));
    Plan plan = GridReader.read(file, catalog, Overrides.NONE);
    assertThat(plan.victims())
        .extracting(Victim::id)
        .extracting(VictimId::toString)
        .containsExactly(id);
  }

  @Test
  void readTheGridsOfTheRepository() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("grids"))) {
      List<Path> grids =
          files
              .filter(file -> file.toString().endsWith(".yaml"))
              .filter(file -> !file.getParent().endsWith("profiles"))
              .toList();
      assertThat(grids)
          .isNotEmpty()
          .allSatisfy(grid -> GridReader.read(grid, catalog, Overrides.NONE));
    }
  }
}
