package io.backdoorgrid.cli;

import static io.backdoorgrid.cli.InterruptedRuns.committed;
import static io.backdoorgrid.cli.InterruptedRuns.process;
import static io.backdoorgrid.cli.InterruptedRuns.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.cli.CommandLineFixture.Ended;
import io.backdoorgrid.cli.InterruptedRuns.Committed;
import io.backdoorgrid.grid.Counts;
import io.backdoorgrid.store.FlakyFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whole runs on a disk that fails, or a process that dies, at a named point of a commit. The next
 * run does what is missing, nothing else, and its table is the undisturbed one.
 */
@Tag("slow")
class FaultsTest {
  private static final String GRID =
      """
      name: tiny
      victims:
        dataset: {shapes: {train-images: 100, test-images: 100}}
        model: {resnet18: {width: 4}}
        attack: badnets
        train: {epochs: 1, batch: 50, learning-rate: 0.1}
      defenses: [none, {clp: {u: 2}}]
      """;

  /** What is written and renamed when a victim or a row is committed. */
  private static final Map<String, String> COMMITS =
      Map.of(
          "victims", ".*/(victims/[^/]+|\\.tmp/[0-9a-f]{16}-[^/]+/weights.*)",
          "rows", ".*/(rows/[^/]+|\\.tmp/[0-9a-f]{16}\\.csv-.*)");

  private static final int TRIALS = 2;

  @TempDir static Path once;
  private static String undisturbed;

  @TempDir Path folder;
  private Path grid;
  private Path out;

  @BeforeAll
  static void runUndisturbed() throws IOException {
    Path grid = CommandLineFixture.grid(once, GRID);
    InterruptedRuns.complete(grid, once.resolve("out"));
    undisturbed = table(grid, once.resolve("out"));
    assertThat(undisturbed).hasLineCount(1 + TRIALS * 3).doesNotContain("missing");
  }

  @BeforeEach
  void write() throws IOException {
    grid = CommandLineFixture.grid(folder, GRID);
    out = folder.resolve("out");
  }

  private static String table(Path grid, Path out) {
    return CommandLineFixture.run(
            "table", grid.toString(), "--out", out.toString(), "--format", "csv")
        .out();
  }

  private String[] runWith(String fault, String what) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("run", grid.toString(), "--out", FlakyFileSystem.uri(out)));
    arguments.addAll(FlakyFileSystem.options(fault, COMMITS.get(what)));
    return arguments.toArray(String[]::new);
  }

  /** Runs again without faults: only what had not been committed. */
  private void goOn() throws IOException {
    Map<String, Committed> before = committed(out);
    int done = rows(before).size();
    boolean trained = before.keySet().stream().anyMatch(name -> name.endsWith("/victim.json"));

    Ended ended = CommandLineFixture.run("run", grid.toString(), "--out", out.toString());

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    if (done < TRIALS) {
      assertThat(ended.err())
          .contains(
              "%s to do, %s to train, %d done before"
                  .formatted(
                      Counts.of(TRIALS - done, "trial"),
                      Counts.of(trained ? 0 : 1, "victim"),
                      done));
    } else {
      assertThat(ended.err()).isEmpty();
    }
    assertThat(committed(out)).containsAllEntriesOf(before);
    assertThat(rows(committed(out))).hasSize(TRIALS);
    assertThat(table(grid, out)).isEqualTo(undisturbed);
    assertThat(CommandLineFixture.run("verify", out.toString()).exitCode()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "HALT_IN_WRITE, victims, 0, 0",
    "HALT_BEFORE_RENAME, victims, 0, 0",
    "HALT_AFTER_RENAME, victims, 1, 0",
    "HALT_IN_WRITE, rows, 1, 0",
    "HALT_BEFORE_RENAME, rows, 1, 0",
    "HALT_AFTER_RENAME, rows, 1, 1"
  })
  void aProcessThatDiesLosesWhatItHadNotCommitted(String fault, String what, int victims, int rows)
      throws Exception {
    Process process =
        process(runWith(fault, what)).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isEqualTo(137);
    Map<String, Committed> left = committed(out);
    assertThat(left.keySet()).filteredOn(name -> name.endsWith("/victim.json")).hasSize(victims);
    assertThat(rows(left)).hasSize(rows);
    goOn();
  }

  @ParameterizedTest
  @CsvSource({
    "RENAME_REFUSED, rows, 0",
    "RENAME_FAILS, rows, 0",
    "NO_SPACE, rows, 0",
    "NO_SPACE, victims, 0",
    "RENAME_FAILS, victims, 0",
    "RENAME_SUCCEEDS_BUT_FAILS, rows, 2",
    "RENAME_SUCCEEDS_BUT_IS_REFUSED, victims, 2"
  })
  void aDiskThatFailsLosesWhatItHadNotTaken(String fault, String what, int rows)
      throws IOException {
    Ended ended = CommandLineFixture.run(runWith(fault, what));
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(rows == TRIALS ? 0 : 1);
    if (rows < TRIALS) {
      assertThat(ended.err())
          .contains("the run was cut off: cannot ")
          .contains(fault.equals("NO_SPACE") ? "No space left on device" : "the rename");
    }
    assertThat(rows(committed(out))).hasSize(rows);
    goOn();
  }

  /** Its task has no trial of its own that could be named. */
  @Test
  void aSurrogateThatTheDiskDoesNotTakeEndsTheRunAtItsFirstAttempt() throws IOException {
    CommandLineFixture.grid(
        folder, GRID.replace("attack: badnets", "attack: {trojan: {iterations: 1}}"));
    Ended ended = CommandLineFixture.run(runWith("NO_SPACE", "victims"));
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(1);
    assertThat(ended.err())
        .contains("the run was cut off: cannot ", "No space left on device")
        .doesNotContain("lost attempt");
  }

  @Test
  void aDamagedRowIsMeasuredAgainOnAVictimThatIsTrainedAgain() throws IOException {
    InterruptedRuns.complete(grid, out);
    Map<String, Committed> before = committed(out);
    Path row = out.resolve(rows(before).get(0));
    byte[] bytes = Files.readAllBytes(row);
    Files.write(row, Arrays.copyOf(bytes, bytes.length / 2));
    Path other = out.resolve(rows(before).get(1));
    bytes = Files.readAllBytes(other);
    bytes[bytes.length / 2] ^= 1;
    Files.write(other, bytes);
    Path weights =
        out.resolve(
            before.keySet().stream()
                .filter(name -> name.endsWith("/weights.safetensors"))
                .findFirst()
                .orElseThrow());
    bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    Ended damaged = CommandLineFixture.run("verify", out.toString());
    assertThat(damaged.exitCode()).isEqualTo(1);
    assertThat(damaged.out())
        .contains(row + ": ", other + ": ", weights + ": does not match its digest");

    Ended ended = CommandLineFixture.run("run", grid.toString(), "--out", out.toString());

    assertThat(ended.exitCode()).isZero();
    assertThat(ended.err()).contains("2 trials to do, 0 victims to train, 0 done before");
    assertThat(committed(out).keySet()).isEqualTo(before.keySet());
    assertThat(table(grid, out)).isEqualTo(undisturbed);
    assertThat(CommandLineFixture.run("verify", out.toString()).exitCode()).isZero();
  }
}
