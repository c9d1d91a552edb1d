package io.backdoorgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.store.HdfsServer;
import io.backdoorgrid.store.S3Server;
import io.backdoorgrid.store.SharedDisk;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.row.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that write to HDFS or S3, meet another one and are killed. */
@Tag("slow")
class SharedDiskRunsTest {
  private static final long POLL_MILLIS = 300;
  private static final long PATIENCE_SECONDS = 120;

  @TempDir static Path servers;

  private static Map<String, SharedDisk> disks;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    disks =
        Map.of(
            "hdfs", new HdfsServer(Files.createDirectory(servers.resolve("hdfs"))),
            "s3", new S3Server(Files.createDirectory(servers.resolve("s3"))));
  }

  @AfterAll
  static void stop() {
    disks.values().forEach(SharedDisk::close);
  }

  private static String[] command(String name, Path grid, SharedDisk disk) {
    var command = new ArrayList<>(List.of(name, grid.toString(), "--out", disk.uri() + "/out"));
    disk.settings()
        .forEach(
            (key, value) -> command.addAll(List.of("--conf", "spark.hadoop." + key + "=" + value)));
    return command.toArray(String[]::new);
  }

  private static Map<String, Row> rows(SharedDisk disk) {
    return Store.open(disk.uri() + "/out", disk.configuration()).rows().byTrial();
  }

  private static void awaitRow(SharedDisk disk, Process process) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (rows(disk).isEmpty()) {
      assertThat(process.isAlive()).as("the run goes on").isTrue();
      assertThat(System.nanoTime()).as("the deadline").isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hdfs", "s3"})
  void refusesASecondWriterAndGoesOnAfterAKill(String kind) throws Exception {
    SharedDisk disk = disks.get(kind);
    Path grid = CommandLineFixture.grid(folder, CommandLineFixture.TINY_GRID);
    String[] run = command("run", grid, disk);
    Process first =
        InterruptedRuns.process(run).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    awaitRow(disk, first);

    var refused = CommandLineFixture.run(run);
    first.destroyForcibly().waitFor();
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .startsWith(disk.uri() + "/out is being written by ")
        .contains(", process " + first.pid() + ", since ")
        .hasLineCount(1);

    Map<String, Row> before = rows(disk);
    assertThat(before).as("the kill came in time").hasSizeLessThan(6);
    var ended = CommandLineFixture.run(run);
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(rows(disk)).containsAllEntriesOf(before).hasSize(6);

    Path undisturbed = folder.resolve("undisturbed");
    InterruptedRuns.complete(grid, undisturbed);
    assertThat(CommandLineFixture.run(command("table", grid, disk)).out())
        .isEqualTo(CommandLineFixture.run("table", grid, undisturbed).out());
  }
}
