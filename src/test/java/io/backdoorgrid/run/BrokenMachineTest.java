package io.backdoorgrid.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine whose libtorch is damaged, beside a sound one. */
@Tag("slow")
class BrokenMachineTest {

  private static final String GRID =
      """
      victims:
        dataset: {shapes: {train-images: 300, test-images: 100}}
        model: {resnet18: {width: 4}}
        attack: badnets
        train: {epochs: 1, batch: 50, learning-rate: [0.1, 1.0e+6]}
      defenses: [none, {clp: {u: 2}}]
      """;

  @TempDir Path folder;

  @Test
  void itsLossesAreRepeatedElsewhereAndFailuresAreNot() throws Exception {
    Path libtorch = Files.createDirectories(folder.resolve("libtorch"));
    Files.writeString(libtorch.resolve("libtorch.so"), "truncated");
    Path grid = Files.writeString(folder.resolve("grid.yaml"), GRID);
    Path out = folder.resolve("out");
    try (var cluster = new LoopbackCluster(folder)) {
      cluster.addWorker(
          1,
          "0",
          Map.of(
              "PYTORCH_LIBRARY_PATH", libtorch.toString(),
              "PYTORCH_VERSION", "2.7.1",
              "PYTORCH_FLAVOR", "cpu"));
      cluster.addWorker(1, "1");
      Process driver =
          cluster.submit(
              "driver",
              "io.backdoorgrid.cli.Main",
              Map.of("spark.cores.max", "2"),
              "run",
              grid.toString(),
              "--out",
              out.toString());
      cluster.awaitExit("driver", driver, 1);

      List<String> lines = cluster.log("driver").lines().toList();
      assertThat(lines.stream().filter(line -> line.contains(" lost attempt ")))
          .isNotEmpty()
          .allMatch(
              line -> line.contains(" lost attempt 1 at badnets, shapes, resnet18, seed 0 ("));
      assertThat(lines.stream().filter(line -> line.contains(": failed, diverged: "))).hasSize(2);
      assertThat(cluster.log("driver")).contains("2 of 4 trials done, 2 failed");
    }
    try (Stream<Path> failures = Files.list(out.resolve("failures"))) {
      assertThat(failures).as("each failed once, whatever was lost before").hasSize(2);
    }
  }
}
