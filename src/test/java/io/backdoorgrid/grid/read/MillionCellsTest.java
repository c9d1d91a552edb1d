package io.backdoorgrid.grid.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.grid.Plan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MillionCellsTest {
  @TempDir Path folder;

  @Test
  void expandsWithinSecondsAndAGibibyte() {
    String text =
        """
        victims:
          dataset: cifar10
          model: resnet18
          attack: {badnets: {size: %s}}
          poison-rate: %s
          seed: %s
        defenses: {clp: {u: %s}}
        exclude: {badnets.size: 1, poison-rate: 0.01, seed: 100, clp.u: 7}
        """
            .formatted(
                numbers(10, "%d"), numbers(10, "0.%02d"), numbers(100, "%d"), numbers(100, "%d"));
    Plan plan =
        Assertions.assertTimeout(Duration.ofSeconds(10), () -> new Grids(folder).read(text));
    assertThat(plan.trials().size()).isEqualTo(999_999);
    assertThat(plan.excluded()).isEqualTo(1);
    assertThat(plan.duplicates()).isZero();
    assertThat(plan.victims()).hasSize(10_000);
    assertThat(plan.trials().get(99).victim()).isSameAs(plan.trials().get(0).victim());
    // A trial must stay small: objects of its own are the record and its id.
    Runtime runtime = Runtime.getRuntime();
    System.gc();
    assertThat(runtime.totalMemory() - runtime.freeMemory()).isLessThan(512L << 20);
  }

  private static String numbers(int count, String format) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(format::formatted)
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
