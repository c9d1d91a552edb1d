package io.backdoorgrid.cli;

import io.backdoorgrid.store.HdfsServer;
import io.backdoorgrid.store.S3Server;
import io.backdoorgrid.store.SharedDisk;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.row.Row;
import io.backdoorgrid.store.row.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Kills runs over HDFS or S3 at random moments and goes on with them, until it has done so often
 * enough; then compares what is left with a run that nobody disturbed. It is a program, which
 * {@code results/measured/reliability/kills.sh} calls.
 */
final class SharedDiskKills {
  private static final int FIRST_MILLIS = 1000;
  private static final int SPREAD_MILLIS = 15_000;

  private final SharedDisk disk;
  private final Path grid;
  private final Random random;
  private int killed;

  private SharedDiskKills(SharedDisk disk, Path grid, Random random) {
    this.disk = disk;
    this.grid = grid;
    this.random = random;
  }

  /**
   * Prints a line of CSV per store, as {@code kills.sh} does.
   *
   * @param arguments {@code hdfs} or {@code s3}, how many kills, a grid file, a seed
   */
  public static void main(String[] arguments) throws Exception {
    String kind = arguments[0];
    int wanted = Integer.parseInt(arguments[1]);
    Path folder = Files.createTempDirectory("kills");
    Path blocks = Files.createDirectory(folder.resolve(kind));
    try (SharedDisk disk = kind.equals("s3") ? new S3Server(blocks) : new HdfsServer(blocks)) {
      var random = new Random(Long.parseLong(arguments[3]));
      var kills = new SharedDiskKills(disk, Path.of(arguments[2]), random);
      kills.run("undisturbed", 0);
      String expected = kills.table("undisturbed");
      Map<String, Row> trials = kills.rows("undisturbed").byTrial();
      for (int store = 1; kills.killed < wanted; store++) {
        System.out.println(
            "driver on " + kind + "," + kills.line("store" + store, wanted, trials, expected));
      }
    } finally {
      delete(folder);
    }
    // Hadoop's threads stay.
    System.exit(0);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
        Files.deleteIfExists(path);
      }
    }
  }

  private String line(String store, int wanted, Map<String, Row> trials, String expected)
      throws Exception {
    int before = killed;
    int runs = 0;
    int changed = 0;
    Map<String, Row> committed = Map.of();
    boolean complete = false;
    while (!complete) {
      runs++;
      complete = run(store, wanted - killed);
      Map<String, Row> now = rows(store).byTrial();
      // What was committed must be there as it was, its run time and its date too.
      changed +=
          (int)
              committed.entrySet().stream()
                  .filter(row -> !row.getValue().equals(now.get(row.getKey())))
                  .count();
      committed = now;
    }
    Rows rows = rows(store);
    int files = rowFiles(store);
    long lost = trials.keySet().stream().filter(id -> !rows.byTrial().containsKey(id)).count();
    int verified = CommandLineFixture.run(arguments("verify", address(store))).exitCode();
    return Stream.of(
            killed - before,
            runs,
            trials.size(),
            lost,
            files - rows.byTrial().size(),
            changed,
            table(store).equals(expected) ? 0 : 1,
            verified == 0 ? 0 : 1)
        .map(Object::toString)
        .reduce((left, right) -> left + "," + right)
        .orElseThrow();
  }

  /** Starts it, kills it at a random moment if it may be, and says whether it ended by itself. */
  private boolean run(String store, int kills) throws Exception {
    String[] command =
        arguments(
            "run",
            grid.toString(),
            "--out",
            address(store),
            "--threads",
            "1",
            "--quiet",
            "--conf",
            "spark.backdoorgrid.checkpoint-seconds=0");
    Process process =
        InterruptedRuns.process(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    if (kills > 0
        && !process.waitFor(FIRST_MILLIS + random.nextInt(SPREAD_MILLIS), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly().waitFor();
      killed++;
      return false;
    }
    int code = process.waitFor();
    if (code != 0) {
      throw new IllegalStateException("the run of " + store + " ended with " + code);
    }
    return true;
  }

  private String address(String store) {
    return disk.uri() + "/" + store;
  }

  private Rows rows(String store) {
    return Store.open(address(store), disk.configuration()).rows();
  }

  private int rowFiles(String store) throws IOException {
    var rows = new org.apache.hadoop.fs.Path(address(store), "rows");
    int files = 0;
    for (var file : rows.getFileSystem(disk.configuration()).listStatus(rows)) {
      files += file.getPath().getName().endsWith(".csv") ? 1 : 0;
    }
    return files;
  }

  /** The numbers without run times. */
  private String table(String store) {
    var command = arguments("table", grid.toString(), "--out", address(store), "--format", "csv");
    var lines = new ArrayList<String>();
    for (String line : CommandLineFixture.run(command).out().split("\n")) {
      List<String> fields = List.of(line.split(","));
      lines.add(String.join(",", fields.subList(0, Math.min(7, fields.size()))));
    }
    return String.join("\n", lines);
  }

  private String[] arguments(String... command) {
    var all = new ArrayList<>(List.of(command));
    disk.settings()
        .forEach(
            (key, value) -> all.addAll(List.of("--conf", "spark.hadoop." + key + "=" + value)));
    return all.toArray(String[]::new);
  }
}
