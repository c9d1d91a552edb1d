package io.backdoorgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.cli.CommandLineFixture.Ended;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.row.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks from files among the victims of a grid: those that another grid trained. */
class GivenModelGridTest {

  private static final String TRAINED =
      """
      name: trained
      victims:
        dataset: {shapes: {train-images: 300, test-images: 100}}
        model: {resnet18: {width: 4}}
        attack: badnets
        train: {epochs: 1, batch: 50, learning-rate: 0.1}
      defenses: [none, {clp: {u: 2}}]
      """;

  private static final String GIVEN =
      """
      name: given
      victims:
        dataset: {shapes: {train-images: 300, test-images: 100}}
        model: {file: {path: %s}}
        attack: badnets
      defenses: [none, {clp: {u: 2}}, {ft: {epochs: 1}}]
      clean-ratio: 0.05
      """;

  @TempDir static Path folder;

  private static Path model;

  @BeforeAll
  static void exportOne() throws IOException {
    Path grid = CommandLineFixture.grid(folder, TRAINED);
    InterruptedRuns.complete(grid, folder.resolve("trained"));
    Path models = folder.resolve("models");
    Ended ended =
        CommandLineFixture.run(
            "export", grid, folder.resolve("trained"), "--to", models.toString(), "--format", "pt");
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    try (Stream<Path> files = Files.list(models)) {
      model = files.findFirst().orElseThrow();
    }
  }

  private static Map<String, Row> byDefense(String store) {
    var byDefense = new TreeMap<String, Row>();
    Store.open(folder.resolve(store).toString(), new Configuration())
        .rows()
        .byTrial()
        .values()
        .forEach(row -> byDefense.put(row.columns().get("defense"), row));
    return byDefense;
  }

  private static List<String> numbers(Row row) {
    return Stream.of("acc", "asr", "ra").map(row.columns()::get).toList();
  }

  @Test
  void aNetworkFromAFileGivesTheNumbersOfTheOneThatWasExported() throws IOException {
    Path grid = CommandLineFixture.grid(folder, GIVEN.formatted("models/" + model.getFileName()));
    InterruptedRuns.complete(grid, folder.resolve("given"));
    Map<String, Row> trained = byDefense("trained");
    Map<String, Row> given = byDefense("given");
    assertThat(given).containsOnlyKeys("none", "clp", "ft");
    assertThat(numbers(given.get("none"))).isEqualTo(numbers(trained.get("none")));
    assertThat(numbers(given.get("clp"))).isEqualTo(numbers(trained.get("clp")));
    assertThat(given.get("none").columns())
        .containsEntry("model", "file")
        .hasEntrySatisfying(
            "model.path", path -> assertThat(path).startsWith(model.getFileName() + "@"));
  }

  @Test
  void aRepairedNetworkIsWrittenAsItWasMeasured() throws IOException {
    Path grid = CommandLineFixture.grid(folder, GIVEN.formatted("models/" + model.getFileName()));
    Path out = folder.resolve("repaired-from");
    InterruptedRuns.complete(grid, out);
    Path repaired = folder.resolve("repaired");
    Ended ended =
        CommandLineFixture.run(
            "export",
            grid,
            out,
            "--repaired",
            "--to",
            repaired.toString(),
            "--format",
            "pt",
            "--only",
            "defense=ft");
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.err()).as("it comes out as its row says").isEmpty();
    String file = ended.out().strip();
    Path again =
        CommandLineFixture.grid(
            folder,
            GIVEN
                .formatted("repaired/" + file.substring(file.lastIndexOf('/') + 1))
                .replace("name: given", "name: repaired")
                .replaceAll("defenses: .*", "defenses: none"));
    InterruptedRuns.complete(again, folder.resolve("of-repaired"));
    Row ft = byDefense("repaired-from").get("ft");
    assertThat(numbers(byDefense("of-repaired").get("none"))).isEqualTo(numbers(ft));
  }

  @Test
  void theContentNotTheNameIsTheIdentity() throws IOException {
    Path copy = folder.resolve("copy.pt");
    Files.copy(model, copy, StandardCopyOption.REPLACE_EXISTING);
    assertThat(plan("copy.pt").out()).isEqualTo(plan("models/" + model.getFileName()).out());
  }

  private static Ended plan(String path) throws IOException {
    Path grid = CommandLineFixture.grid(folder, GIVEN.formatted(path));
    return CommandLineFixture.run("plan", grid.toString(), "--json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{path: models/none.pt}      | badnets | no such file: ",
        "{}                          | badnets | the model 'file' has no path",
        "{path: grid.yaml}           | badnets | neither a safetensors file nor one of torch.save",
        "{path: MODEL, normalization: x} | badnets | normalization must be auto or one of [cifar10,",
        "{path: MODEL, weights: net} | badnets | 'net'",
        "{path: MODEL}               | wanet   | cannot be tried with wanet, whose trigger depends"
      })
  void saysWhatIsWrong(String file, String attack, String message) throws IOException {
    String text =
        GIVEN
            .replace("{path: %s}", file.replace("MODEL", "models/" + model.getFileName()))
            .replace("attack: badnets", "attack: " + attack);
    Path grid = CommandLineFixture.grid(folder, text);
    Ended ended =
        CommandLineFixture.run(
            "run", grid.toString(), "--out", folder.resolve("refused").toString());
    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isEqualTo(2);
    assertThat(ended.err()).contains(message);
    assertThat(folder.resolve("refused")).doesNotExist();
  }
}
