package io.backdoorgrid.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.Catalog.Kind;
import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.grid.VictimId;
import io.backdoorgrid.grid.read.GridReader;
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
          input-aware | backdoorbench clp hp lpp
          label-consistent | backdoorbench clp hp
          low-frequency | backdoorbench hp
          trojan      | backdoorbench clp hp wiper
          ssba        | backdoorbench clp hp wiper
          invisible   | wiper
          imc         | wiper
          enhanced-trigger | physical shrink wiper
          logit-anchoring | wiper
          none        |
          """)
  void haveTheAttacksOfPapersAsPresets(String attack, String presets) {
    assertThat(catalog.entry(Kind.ATTACK, attack).presets().keySet())
        .containsExactlyElementsOf(presets == null ? List.of() : List.of(presets.split(" ")));
  }

  /** The benchmark's setting is the default of every attack that it has. */
  @Test
  void defaultToTheBenchmark() {
    for (String attack :
        List.of(
            "badnets",
            "badnets-a2a",
            "blended",
            "sig",
            "wanet",
            "bpp",
            "input-aware",
            "label-consistent",
            "low-frequency",
            "trojan",
            "ssba")) {
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
          ATTACK  | input-aware | hp            | {target=1}
          ATTACK  | label-consistent | clp      | {eps=12.0, step=2.0, iterations=7, patch=random}
          ATTACK  | label-consistent | hp       | {target=1}
          ATTACK  | low-frequency | hp          | {target=1}
          ATTACK  | trojan      | clp           | {optimizer=adam, region=patch}
          ATTACK  | trojan      | hp            | {target=1}
          ATTACK  | trojan      | wiper         | {optimizer=adam, region=patch, corner=top-left}
          ATTACK  | ssba        | hp            | {target=1}
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
    Plan plan = read(grid.formatted(attack));
    assertThat(plan.victims())
        .extracting(Victim::id)
        .extracting(VictimId::toString)
        .containsExactly(id);
  }

  /** Shapes of 105 images have eleven of the first five classes and ten of the others. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cifar10 | sig                               | 0.1    |
          cifar10 | sig                               | 0.2    | sig on cifar10: poison-rate 0.2 is more than class 0's share 0.1
          cifar10 | sig: {target: 3}                  | 0.1001 | sig on cifar10: poison-rate 0.1001 is more than class 3's share 0.1
          cifar10 | sig: {labels: all-to-one}         | 1      |
          cifar10 | badnets: {labels: clean-label}    | 0.2    | badnets on cifar10: poison-rate 0.2 is more than class 0's share 0.1
          cifar10 | badnets                           | 1      |
          cifar10 | none                              | 1      |
          shapes: {train-images: 105} | sig: {target: 4} | 0.105 |
          shapes: {train-images: 105} | sig: {target: 5} | 0.1   |
          shapes: {train-images: 105} | sig: {target: 5} | 0.105 | sig on shapes: poison-rate 0.105 is more than class 5's share 0.0952381
          """)
  void knowHowMuchPoisonFits(String dataset, String attack, double rate, String reason)
      throws IOException {
    String grid =
        "{victims: {dataset: {%s}, model: resnet18, attack: {%s}, poison-rate: %s}, defenses: none}";
    Plan plan = read(grid.formatted(pair(dataset), pair(attack), rate));
    assertThat(plan.skips().keySet())
        .containsExactlyElementsOf(reason == null ? List.of() : List.of(reason));
    assertThat(plan.cells()).hasSize(1);
  }

  /** Half an image is rounded up: 0.5 of 47,500 images is a share of 0.00001053. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          badnets | 0.0000106 | 0    | 0.05 |
          badnets | 0.00001   | 0    | 0.05 | badnets on cifar10: poison-rate 0.00001 poisons none of 47500 images; the least that poisons one is 0.0000106
          badnets | 0         | 0    | 0.05 | badnets on cifar10: poison-rate 0 poisons none of 47500 images; the least that poisons one is 0.0000106
          wanet   | 0.0004    | 1000 | 0    | wanet on cifar10: poison-rate 0.0004 poisons none of 1000 images; the least that poisons one is 0.0005
          imc     | 0.0005    | 1000 | 0    |
          none    | 0.1       | 1000 | 0    |
          none    | 0.1       | 50000 | 0   |
          none    | 0.1       | 50001 | 0   | images 50001 is more than the 50000 training images of cifar10
          """)
  void knowHowManyImagesThereAre(
      String attack, String rate, long images, double heldOut, String reason) throws IOException {
    String grid =
        "{victims: {dataset: cifar10, model: resnet18, attack: %s, poison-rate: %s, images: %d,"
            + " held-out: %s}, defenses: none}";
    Plan plan = read(grid.formatted(attack, rate, images, heldOut));
    assertThat(plan.skips().keySet())
        .containsExactlyElementsOf(reason == null ? List.of() : List.of(reason));
  }

  /** A name alone as a map's member. */
  private static String pair(String choice) {
    return choice.contains(":") ? choice : choice + ": ";
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

  private Plan read(String grid) throws IOException {
    Path file = Files.writeString(folder.resolve("grid.yaml"), grid);
    return GridReader.read(file, catalog, Overrides.NONE);
  }
}
