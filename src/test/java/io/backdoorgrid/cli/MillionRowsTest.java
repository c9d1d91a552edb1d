package io.backdoorgrid.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import io.backdoorgrid.catalog.Algorithms;
import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.read.GridReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The table of a million compacted rows, as {@code table} makes it. A minute of two cores is
 * counted as what it costs the processors: seconds on the clock would tell what else a machine is
 * doing.
 */
@Tag("slow")
class MillionRowsTest {
  private static final int ROWS_PER_FILE = 25_000;
  private static final int SEEDS = 100;
  private static final String OTHER_COLUMNS =
      IntStream.range(0, 60).mapToObj(i -> "setting-" + i).collect(Collectors.joining(","));
  private static final String OTHER_VALUES =
      IntStream.range(0, 60).mapToObj(i -> "0.0123456" + i).collect(Collectors.joining(","));

  @TempDir Path folder;

  private static String numbers(int count, String format) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(format::formatted)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** Files as a compaction leaves them, of rows as long as real ones. */
  private static void write(Plan plan, Path rows) throws IOException {
    Files.createDirectories(rows);
    String header = "trial,victim,acc,asr,train-seconds,train-threads," + OTHER_COLUMNS;
    List<Trial> trials = plan.trials();
    for (int from = 0; from < trials.size(); from += ROWS_PER_FILE) {
      var text = new StringBuilder(header).append(",digest\n");
      for (Trial trial : trials.subList(from, from + ROWS_PER_FILE)) {
        long accuracy = trial.victim().seed() % SEEDS;
        String line =
            "%s,%s,%d,%d,12.5,1,".formatted(trial.id(), trial.victim().id(), accuracy, accuracy)
                + OTHER_VALUES;
        text.append(line).append(',').append(digest(header + "\n" + line + "\n")).append('\n');
      }
      String file = text.toString();
      Files.writeString(rows.resolve("compacted-" + digest(file) + ".csv"), file);
    }
  }

  private static String digest(String text) {
    return DigestUtils.sha256Hex(text.getBytes(UTF_8)).substring(0, 16);
  }

  private static long processorNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  @Test
  void becomeATableWithinAMinuteOfTwoCores() throws IOException {
    Path grid =
        Files.writeString(
            folder.resolve("grid.yaml"),
            """
            victims:
              dataset: cifar10
              model: resnet18
              attack: {badnets: {size: %s}}
              poison-rate: %s
              seed: %s
            defenses: {clp: {u: %s}}
            table: {rows: [attack, poison-rate], columns: defense, metrics: [acc, asr]}
            """
                .formatted(
                    numbers(10, "%d"),
                    numbers(10, "0.%02d"),
                    numbers(SEEDS, "%d"),
                    numbers(100, "%d")));
    Path out = folder.resolve("out");
    write(GridReader.read(grid, new Algorithms(), Overrides.NONE), out.resolve("rows"));

    long start = processorNanos();
    var ended =
        CommandLineFixture.run(
            "table", grid.toString(), "--out", out.toString(), "--format", "csv");
    assertThat(Duration.ofNanos(processorNanos() - start)).isLessThan(Duration.ofSeconds(2 * 60));

    assertThat(ended.exitCode()).isZero();
    List<String> lines = ended.out().lines().toList();
    assertThat(lines).hasSize(1 + 10 * 10 * 100 * 2);
    // Accuracies are 0 to 99, one for each seed.
    assertThat(lines.subList(1, lines.size()))
        .allSatisfy(line -> assertThat(line).contains("49.5").contains("29.011"));
  }
}
