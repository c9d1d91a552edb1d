package io.backdoorgrid.cli;

import static io.backdoorgrid.cli.InterruptedRuns.committed;
import static io.backdoorgrid.cli.InterruptedRuns.complete;
import static io.backdoorgrid.cli.InterruptedRuns.process;
import static io.backdoorgrid.cli.InterruptedRuns.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is killed, or met by another one, goes on as if nothing had happened. */
@Tag("slow")
class KillTest {

  private static final long POLL_MILLIS = 5;
  private static final long PATIENCE_SECONDS = 120;

  /** Fine-tuning that ends long after the test. */
  private static final String LONG_GRID =
      CommandLineFixture.TINY_GRID.replace("{ft: {epochs: 1}}", "{ft: {epochs: 10000}}");

  private static final String HID =
      "{hid: {hidden: 32, epochs: 2, pruned: [16, 8, 4], mix-epochs: 1, mix-batch: 16}}";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"victims, 1", "rows, 1", "rows, 4"})
  void completesWithoutTouchingWhatIsCommitted(String kind, int count) throws Exception {
    Path grid = CommandLineFixture.grid(folder, CommandLineFixture.TINY_GRID);
    Path killed = folder.resolve("killed");
    Process process = start(grid, killed);
    awaitCommits(killed.resolve(kind), count, process);
    process.destroyForcibly().waitFor();

    Map<String, InterruptedRuns.Committed> before = committed(killed);
    assertThat(rows(before)).as("the kill came in time").hasSizeLessThan(6);
    complete(grid, killed);
    Map<String, InterruptedRuns.Committed> after = committed(killed);
    assertThat(after).containsAllEntriesOf(before);
    assertThat(rows(after)).hasSize(6);

    Path undisturbed = folder.resolve("undisturbed");
    complete(grid, undisturbed);
    assertThat(table(grid, killed)).hasLineCount(1 + 6 * 3).isEqualTo(table(grid, undisturbed));
  }

  /** An extractor, a head and its features once, then two more iterations: each is learned once. */
  @ParameterizedTest
  @CsvSource({"extractors, 1", "phases, 2"})
  void goesOnBehindTheLastPhase(String kind, int count) throws Exception {
    Path grid =
        CommandLineFixture.grid(
            folder,
            CommandLineFixture.TINY_GRID
                .replace("[badnets, blended]", "badnets")
                .replace("[none, {ft: {epochs: 1}}, {clp: {u: 2}}]", HID)
                .replace("clean-ratio: 0.05", "extractor: {simclr: {epochs: 1, batch: 50}}"));
    Path killed = folder.resolve("killed");
    Process process = start(grid, killed);
    awaitCommits(killed.resolve(kind), count, process);
    process.destroyForcibly().waitFor();

    Map<String, InterruptedRuns.Committed> before = committed(killed);
    assertThat(rows(before)).as("the kill came in time").isEmpty();
    complete(grid, killed);
    assertThat(committed(killed)).containsAllEntriesOf(before);

    Path undisturbed = folder.resolve("undisturbed");
    complete(grid, undisturbed);
    assertThat(table(grid, killed)).hasLineCount(1 + 3).isEqualTo(table(grid, undisturbed));
  }

  /** What its tasks noted last is old news; who it was helps to find out why. */
  @Test
  void isNotSaidToRunAnyMore() throws Exception {
    Path grid = CommandLineFixture.grid(folder, LONG_GRID);
    Path out = folder.resolve("out");
    Process process = start(grid, out);
    awaitCommits(out.resolve("running"), 1, process);
    assertThat(status(grid, out)).contains("  driver   ").contains(", process " + process.pid());
    process.destroyForcibly().waitFor();

    assertThat(status(grid, out))
        .doesNotContain("  running  ", "  driver   ")
        .containsPattern(
            "  stopped  .*, process " + process.pid() + ", since .*, which ended before its run\n");
    grid = CommandLineFixture.grid(folder, CommandLineFixture.TINY_GRID);
    complete(grid, out);
    assertThat(status(grid, out)).contains("6 of 6 trials done").doesNotContain("stopped");
  }

  /** By SIGTERM, which Java handles as it does Ctrl-C. */
  @Test
  void saysWhereItStandsIfItCan() throws Exception {
    Path grid = CommandLineFixture.grid(folder, LONG_GRID);
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        process("run", grid.toString(), "--out", out.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(err.toFile())
            .start();
    awaitCommits(out.resolve("rows"), 1, process);
    process.destroy();
    assertThat(process.waitFor()).isEqualTo(128 + 15);

    assertThat(Files.readAllLines(err))
        .last()
        .asString()
        .matches(".* interrupted: [1-5] trials? done and stored; the same command goes on");
    assertThat(out.resolve("lease")).isEmptyDirectory();
    assertThat(out.resolve("failures")).isEmptyDirectory();
    assertThat(status(grid, out)).doesNotContain("  running  ", "  driver   ", "  stopped  ");
  }

  private static String status(Path grid, Path out) {
    return CommandLineFixture.run("status", grid.toString(), "--out", out.toString()).out();
  }

  /** With the bits of the training that was not killed, in the images' labels or in each batch. */
  @ParameterizedTest
  @ValueSource(strings = {"badnets", "wanet"})
  void aTrainingGoesOnBehindItsLastEpoch(String attack) throws Exception {
    Path grid =
        CommandLineFixture.grid(
            folder,
            CommandLineFixture.TINY_GRID
                .replace("[badnets, blended]", attack)
                .replace("epochs: 1, batch", "epochs: 20, averaging: 0.9, batch"));
    String everyEpoch = "spark.backdoorgrid.checkpoint-seconds=0";
    Path killed = folder.resolve("killed");
    Process process =
        process("run", grid.toString(), "--out", killed.toString(), "--conf", everyEpoch)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    awaitCommits(killed.resolve("checkpoints"), 1, process);
    process.destroyForcibly().waitFor();
    assertThat(killed.resolve("victims")).as("the kill came in time").isEmptyDirectory();
    assertThat(killed.resolve("checkpoints")).isNotEmptyDirectory();

    complete(grid, killed);
    assertThat(killed.resolve("checkpoints")).isEmptyDirectory();
    Path undisturbed = folder.resolve("undisturbed");
    complete(grid, undisturbed);
    assertThat(weights(killed)).hasSize(1).isEqualTo(weights(undisturbed));
    assertThat(table(grid, killed)).isEqualTo(table(grid, undisturbed));
  }

  private static Map<String, String> weights(Path store) throws IOException {
    return committed(store).entrySet().stream()
        .filter(file -> file.getKey().endsWith("weights.safetensors"))
        .collect(Collectors.toMap(Map.Entry::getKey, file -> file.getValue().content()));
  }

  @Test
  void aSecondDriverIsRefusedUnlessItWaits() throws Exception {
    Path grid = CommandLineFixture.grid(folder, CommandLineFixture.TINY_GRID);
    Path out = folder.resolve("out");
    Process first = start(grid, out);
    awaitCommits(out.resolve("lease"), 1, first);

    var refused = CommandLineFixture.run("run", grid.toString(), "--out", out.toString());
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err().lines())
        .singleElement()
        .asString()
        .startsWith(out + " is being written by ")
        .contains(", process " + first.pid() + ", since ");
    for (String command : List.of("plan", "status", "table")) {
      var ended = CommandLineFixture.run(command, grid.toString(), "--out", out.toString());
      assertThat(ended.exitCode()).as(command).isZero();
    }

    var waited = CommandLineFixture.run("run", grid.toString(), "--out", out.toString(), "--wait");
    assertThat(waited.exitCode()).isZero();
    assertThat(waited.err()).contains(" waiting: ").hasLineCount(1);
    assertThat(waited.out()).contains("6 of 6 trials done");
    assertThat(first.waitFor()).isZero();
    assertThat(out.resolve("lease")).isEmptyDirectory();
  }

  private static Process start(Path grid, Path out) throws IOException {
    return process("run", grid.toString(), "--out", out.toString())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Waits for the event itself; there is nothing to be told by. */
  private static void awaitCommits(Path kind, int count, Process process) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (entries(kind) < count) {
      assertThat(process.isAlive()).as("the run goes on").isTrue();
      assertThat(System.nanoTime()).as("the deadline").isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  private static long entries(Path kind) throws IOException {
    if (!Files.isDirectory(kind)) {
      return 0;
    }
    try (Stream<Path> paths = Files.list(kind)) {
      return paths.count();
    }
  }

  /** What the command really writes to standard output. */
  private static String table(Path grid, Path out) throws Exception {
    Process process =
        process("table", grid.toString(), "--out", out.toString(), "--format", "csv").start();
    String table = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return table;
  }
}
