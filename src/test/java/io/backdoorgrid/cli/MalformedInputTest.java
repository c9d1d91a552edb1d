package io.backdoorgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.catalog.Algorithms;
import io.backdoorgrid.cli.CommandLineFixture.Ended;
import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.read.GridReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are not what they should be cost one line, and leave nothing behind. */
class MalformedInputTest {

  private static final String GRID =
      """
      name: tiny
      victims:
        dataset: {shapes: {train-images: 300, test-images: 100}}
        model: {resnet18: {width: 4}}
        attack: badnets
      defenses: [none, {clp: {u: 2}}]
      """;

  @TempDir Path folder;

  private void assertRefused(Ended ended) {
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(2);
    assertThat(ended.err()).hasLineCount(1).doesNotContain("bug", "Exception", "\tat ");
    assertThat(ended.out()).isEmpty();
    assertThat(folder.resolve("out")).doesNotExist();
  }

  /** In place of the line that begins like it, or at the end. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "victims: []",
        "victims: badnets",
        "victims: {",
        "defenses: ",
        "defenses: [",
        "defenses: [none, clp",
        "defenses: {none}}",
        "defenses: nnone",
        "defenses: [none, [clp]]",
        "defenses: {clp: {u: two}}",
        "defenses: {clp: {u: .nan}}",
        "defenses: {clp: {u: -1e999}}",
        "defenses: {clp: {v: 2}}",
        "defenses: {clp: {u: {from: 1, step: 2}}}",
        "defenses: {clp: {u: {from: 1, to: 0, step: 1}}}",
        "defenses: {clp: {u: {from: 0, to: 1, step: 0}}}",
        "defenses: {clp: {u: {log: [0, 1], count: 3}}}",
        "  attack: ",
        "  attack: [badnets, badnetz]",
        "  attack: {badnets: {size: 0}}",
        "  attack: {badnets: {size: 33}, blended: {}}",
        "  attack: &a badnets",
        "  attack: *a",
        "  attack: !!java.io.File /etc/passwd",
        "  dataset: mnist",
        "  dataset: {shapes: {train-images: 1}}",
        "  dataset: {shapes: {train-images: 99999999999999999999}}",
        "  model: {resnet18: {width: -4}}",
        "  seed: 0.5",
        "  seed: [0, 1",
        "  poison-rate: 2",
        "  held-out: 1",
        "  images: -5",
        "  precision: float8",
        "  train: {epochs: 0}",
        "  train: {learning-rate: fast}",
        "  train: {schedule: sawtooth}",
        "name: /etc/passwd",
        "name: ../../x",
        "clean-ratio: 2",
        "extractor: none",
        "exclude: {seed: 7}",
        "table: {metrics: [speed]}",
        "---",
        "\u0000",
        "\t- x",
        "defenses: none\ndefenses: none",
        "%YAML 9.9",
      })
  void grids(String line) throws IOException {
    String key = line.contains(":") ? line.substring(0, line.indexOf(':') + 1) : "no such key";
    String text =
        GRID.lines().anyMatch(l -> l.startsWith(key))
            ? GRID.replaceFirst("(?m)^" + key + ".*$", line.replace("$", "\\$"))
            : line.startsWith("  ")
                ? GRID.replaceFirst("(?m)^defenses", line + "\ndefenses")
                : GRID + line + "\n";
    Path grid = CommandLineFixture.grid(folder, text);
    assertRefused(run("run", grid));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "trial\n",
        "acc,asr\n93,2\n",
        "trial,acc,commit,data-digest,started\nID\n",
        "trial,acc,commit,data-digest,started\nID,,a1,d1,now\n",
        "trial,acc,commit,data-digest,started\nID,93,,d1,now\n",
        "trial,acc,commit,data-digest,started\nID,930,a1,d1,now\n",
        "trial,acc,commit,data-digest,started\nID,-1,a1,d1,now\n",
        "trial,acc,commit,data-digest,started\nID,NaN%,a1,d1,now\n",
        "trial,acc,commit,data-digest,started\nID,93,a1,\"d1,now\n",
        "trial,acc,commit,data-digest,started\n../../../etc,93,a1,d1,now\n",
        "trial,acc,commit,data-digest,started\n0000000000000000,93,a1,d1,now\n",
        "trial,acc,acc,commit,data-digest,started\nID,93,93,a1,d1,now\n",
        "trial,ACC,acc,commit,data-digest,started\nID,93,93,a1,d1,now\n",
        "trial,acc,commit,data-digest,started,seed\nID,93,a1,d1,now,7\n",
        "trial,acc,commit,data-digest,started,attack\nID,93,a1,d1,now,wanet\n",
        "\u0000\u0001\u0002",
      })
  void rows(String text) throws IOException {
    Path grid = CommandLineFixture.grid(folder, GRID);
    String id =
        GridReader.read(grid, new Algorithms(), Overrides.NONE).trials().get(1).id().toString();
    Path csv = Files.writeString(folder.resolve("rows.csv"), text.replace("ID", id));
    assertRefused(run("import", grid, "--rows", csv.toString()));
  }

  /** Of CIFAR-10: what a torn or wrong download leaves. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "nothing",
        "a file in place of the folder",
        "an archive in place of the folder",
        "an empty folder",
        "an empty batch",
        "a batch that is a folder",
        "a label that is no class",
      })
  void dataSets(String what) throws IOException {
    Path batches = folder.resolve("data/cifar10/cifar-10-batches-bin");
    Files.createDirectories(batches.getParent());
    Path first = batches.resolve("data_batch_1.bin");
    switch (what) {
      case "nothing" -> {}
      case "a file in place of the folder" -> Files.writeString(batches, "404 not found");
      case "an archive in place of the folder" ->
          Files.write(folder.resolve("data/cifar10/cifar-10-binary.tar.gz"), new byte[] {31, -117});
      default -> {
        Files.createDirectories(batches);
        switch (what) {
          case "an empty folder" -> {}
          case "an empty batch" -> Files.createFile(first);
          case "a batch that is a folder" -> Files.createDirectories(first);
          default -> {
            byte[] records = new byte[30_730_000];
            records[3073] = 10;
            Files.write(first, records);
          }
        }
      }
    }
    Path grid =
        CommandLineFixture.grid(folder, GRID.replaceFirst("dataset: .*", "dataset: cifar10"));
    assertRefused(run("run", grid, "--data-dir", folder.resolve("data").toString()));
  }

  private Ended run(String command, Path grid, String... more) {
    return CommandLineFixture.run(command, grid, folder.resolve("out"), more);
  }
}
