package io.backdoorgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.catalog.Algorithms;
import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.read.GridReader;
import io.backdoorgrid.run.MeasuredRows;
import io.backdoorgrid.store.MemoryFileSystem;
import io.backdoorgrid.store.Store;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plan of a hundred thousand trials, of which all but a hundred are done. */
@Tag("slow")
class HundredThousandTest {

  private static final int SEEDS = 1_000;
  private static final int LIMITS = 100;
  private static final int LONGEST_SECONDS = 60;

  private static final String GRID =
      """
      name: large
      victims:
        dataset: {shapes: {train-images: 300, test-images: 100}}
        model: {resnet18: {width: 4}}
        attack: badnets
        train: {epochs: 1, batch: 50}
        seed: %s
      defenses: {clp: {u: %s}}
      """;

  private static final String STORE = "memory:///store";

  @TempDir Path folder;

  @AfterEach
  void forgetTheStore() {
    MemoryFileSystem.clear();
  }

  /** Notes when a text first appears. */
  private static final class Clock extends StringWriter {
    private final long start = System.nanoTime();
    private OptionalDouble seconds = OptionalDouble.empty();

    @Override
    public void write(String text, int offset, int length) {
      super.write(text, offset, length);
      if (seconds.isEmpty() && text.contains("[1/100,")) {
        seconds = OptionalDouble.of((System.nanoTime() - start) / 1e9);
      }
    }
  }

  @Test
  void goesOnWithinAMinute() throws Exception {
    List<Integer> seeds = IntStream.range(0, SEEDS).boxed().toList();
    List<Double> limits = IntStream.range(0, LIMITS).mapToObj(i -> 2 + i / 100.0).toList();
    Path grid = CommandLineFixture.grid(folder, GRID.formatted(seeds, limits));
    var conf = new Configuration();
    conf.set(MemoryFileSystem.SETTING, MemoryFileSystem.class.getName());
    Store.open(STORE, conf);
    Plan plan = GridReader.read(grid, new Algorithms(), Overrides.NONE);
    for (Trial trial : plan.trials()) {
      if (trial.victim().seed() != SEEDS - 1) {
        MemoryFileSystem.write(STORE, MeasuredRows.of(trial));
      }
    }

    var clock = new Clock();
    int exitCode =
        Main.run(
            new PrintWriter(new StringWriter()),
            new PrintWriter(clock, true),
            "run",
            grid.toString(),
            "--out",
            STORE,
            "--conf",
            "spark.hadoop.%s=%s"
                .formatted(MemoryFileSystem.SETTING, MemoryFileSystem.class.getName()));
    assertThat(exitCode).as(clock.toString()).isZero();
    assertThat(clock.toString())
        .contains("large: 100 trials to do, 1 victim to train, 99,900 done before");
    assertThat(clock.seconds).isPresent();
    System.out.printf(
        "99,900 of 100,000 done: the first of the rest after %.1f s%n",
        clock.seconds.getAsDouble());
    assertThat(clock.seconds.getAsDouble()).isLessThan(LONGEST_SECONDS);
  }
}
