package io.backdoorgrid.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.torch.Precision;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.math3.stat.StatUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Training keeps nothing of its steps.
 *
 * <p>In a process of its own, whose Java heap is touched as a whole at the start: what grows then
 * is native memory.
 */
@Tag("slow")
class MemoryTest {

  /**
   * Half of what it would take to keep the input of every step alone, 875 times 16 images of
   * 16x16x3 bytes: so many steps lie between the middles of the two groups of reports.
   */
  private static final long TOLERATED_KILOBYTES = 875L * 16 * 16 * 16 * 3 / 1024 / 2;

  @ParameterizedTest
  @EnumSource(Precision.class)
  @EnabledOnOs(OS.LINUX)
  void residentSizeStaysFlatOverTwoThousandSteps(Precision precision) throws Exception {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "@jobs/jvm.options",
                "-Xms128m",
                "-Xmx128m",
                "-XX:+AlwaysPreTouch",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("java.class.path"),
                LongTraining.class.getName(),
                precision.name())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<Long> kilobytes =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .map(Long::valueOf)
            .toList();
    assertThat(kilobytes).hasSize(LongTraining.REPORTS);
    // Of several reports each, lest it count when the JIT compiles something for once.
    double after500To1000 = middle(kilobytes.subList(1, 4));
    double after1250To2000 = middle(kilobytes.subList(4, LongTraining.REPORTS));
    assertThat(after1250To2000 - after500To1000)
        .as("%s", kilobytes)
        .isLessThan(TOLERATED_KILOBYTES);
  }

  private static double middle(List<Long> values) {
    return StatUtils.percentile(values.stream().mapToDouble(Long::doubleValue).toArray(), 50);
  }
}
