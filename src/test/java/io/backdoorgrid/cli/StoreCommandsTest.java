package io.backdoorgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.cli.CommandLineFixture.Ended;
import io.backdoorgrid.metric.Metrics;
import io.backdoorgrid.store.Failure;
import io.backdoorgrid.store.FlakyFileSystem;
import io.backdoorgrid.store.ObjectKind;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.row.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that are about a store, whatever grids it holds. */
class StoreCommandsTest {
  private static final String SOUND =
      "%s: %d rows, 1 victim, 1 extractor, 1 phase, 1 finding, 1 checkpoint, 1 failure, 1 plan sound, %d damaged\n";

  @TempDir Path folder;
  private Store store;

  private static String id(int i) {
    return "%016x".formatted(i);
  }

  @BeforeEach
  void fill() {
    store = Store.open(folder.toString(), new Configuration());
    IntStream.range(0, 4)
        .forEach(
            i -> store.commitRow(new Row(Map.of(Row.TRIAL, id(i), Metrics.ACC.column(), "93.25"))));
    for (ObjectKind kind : ObjectKind.values()) {
      store.commitObject(
          kind,
          id(1),
          Map.of("a.safetensors", new byte[99], "b.safetensors", new byte[9]),
          Map.of("epochs", 5));
    }
    store.commitFailure(
        new Failure(id(9), id(1), Failure.Kind.DIVERGED, "NaN", "here", 0, "2026-01-01T00:00:00Z"));
    store.commitPlan("{\"a\": 1}".getBytes());
  }

  private Ended verify() {
    return CommandLineFixture.run("verify", folder.toString());
  }

  private String sound(int rows, int damaged) {
    return SOUND.formatted(folder, rows, damaged);
  }

  @Test
  void verifiesWhatIsSound() throws IOException {
    Ended ended = verify();
    assertThat(ended.out()).isEqualTo(sound(4, 0));
    assertThat(ended.exitCode()).isZero();

    Path orphan = Files.writeString(folder.resolve(".tmp/orphan"), "");
    ended = verify();
    assertThat(ended.out()).isEqualTo(sound(4, 0) + "  unused   " + orphan + "\n");
    assertThat(ended.exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "victims/0000000000000001/a.safetensors",
        "victims/0000000000000001/victim.json",
        "extractors/0000000000000001/b.safetensors",
        "phases/0000000000000001/phase.json",
        "findings/0000000000000001/findings.json",
        "rows/0000000000000002.csv",
        "failures/0000000000000009.0.csv",
        "plans/f9d86028c6e0d64e.json"
      })
  void namesAFileWithAFlippedBit(String name) throws IOException {
    Path file = folder.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 5] ^= 1;
    Files.write(file, bytes);

    Ended ended = verify();

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.out())
        .contains(", 1 damaged\n")
        .contains("  damaged  " + file + ": does not match its digest\n");
  }

  @Test
  void namesEveryDamagedFileOfAnObject() throws IOException {
    Path victim = folder.resolve("victims/" + id(1));
    Files.write(victim.resolve("a.safetensors"), new byte[98]);
    Files.delete(victim.resolve("b.safetensors"));
    Files.delete(folder.resolve("extractors/" + id(1) + "/extractor.json"));

    Ended ended = verify();

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.out())
        .contains("0 victims, 0 extractors, 1 phase", "3 damaged")
        .contains(
            "  damaged  " + victim + "/a.safetensors: has 98 bytes where 99 were committed\n",
            "  damaged  " + victim + "/b.safetensors: is gone\n",
            "  damaged  " + folder.resolve("extractors/" + id(1)) + ": has no extractor.json\n");
  }

  @Test
  void compactsAndVerifiesTheSameRows() throws IOException {
    Ended compacted = CommandLineFixture.run("compact", folder.toString());
    assertThat(compacted.out()).isEqualTo(folder + ": merged 4 rows of 4 files into 1\n");
    assertThat(compacted.exitCode()).isZero();
    assertThat(verify().out()).isEqualTo(sound(4, 0));
    try (var files = Files.list(folder.resolve("rows"))) {
      Path file = files.findFirst().orElseThrow();
      Files.writeString(file, Files.readString(file).replaceFirst("93.25", "99.25"));
      assertThat(verify().out())
          .isEqualTo(
              sound(3, 1)
                  + "  damaged  "
                  + file
                  + ": cannot be read as a whole; 3 rows of it can\n");
    }
  }

  /** Such as one whose settings no configuration file of this machine has. */
  @Test
  void everyCommandReachesTheStoreOfAnyFileSystem() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    String grid = CommandLineFixture.grid(other, CommandLineFixture.TINY_GRID).toString();
    Path rows = Files.writeString(other.resolve("rows.csv"), "trial\n");
    String out = FlakyFileSystem.uri(other.resolve("out"));
    Store.open(other.resolve("out").toString(), new Configuration());
    for (List<String> command :
        List.of(
            List.of("import", grid, "--rows", rows.toString(), "--out", out),
            List.of("plan", grid, "--out", out),
            List.of("status", grid, "--out", out),
            List.of("table", grid, "--out", out),
            List.of("analyse", grid, "--out", out),
            List.of("verify", out),
            List.of("compact", out),
            List.of("show", "blended", "--to", out + "/sheet.png"))) {
      Ended unknown = CommandLineFixture.run(command.toArray(String[]::new));
      if (!command.contains("plan")) { // which takes a store that is not there for an empty one
        assertThat(unknown.err()).as("%s", command).contains("scheme");
      }
      List<String> known = new ArrayList<>(command);
      known.addAll(FlakyFileSystem.options("NONE", ".*"));
      Ended ended = CommandLineFixture.run(known.toArray(String[]::new));
      assertThat(ended.err()).as("%s", command).doesNotContain("scheme");
      assertThat(ended.exitCode())
          .as("%s: %s", command, ended.err())
          // No row is there to be taken, no victim to be analyzed.
          .isEqualTo(Map.of("import", 2, "analyse", 1).getOrDefault(command.get(0), 0));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify", "compact"})
  void needAStore(String command) {
    Path nothing = folder.resolve("nothing");
    Ended ended = CommandLineFixture.run(command, nothing.toString());
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .isEqualTo(
            "there are no results in %s; is it the folder that was given to --out?\n"
                .formatted(nothing));
    assertThat(nothing).doesNotExist();
  }
}
