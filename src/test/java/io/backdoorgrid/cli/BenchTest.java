package io.backdoorgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchTest {

  /** It leaves its speeds for plans; not for those of other tests. */
  @Test
  @Tag("slow")
  void measuresEverythingOnce(@TempDir Path cache) throws Exception {
    String property = "backdoorgrid.cache";
    String before = System.getProperty(property);
    System.setProperty(property, cache.toString());
    try {
      measureEverythingOnce();
    } finally {
      if (before == null) {
        System.clearProperty(property);
      } else {
        System.setProperty(property, before);
      }
    }
  }

  private static void measureEverythingOnce() throws Exception {
    var ended =
        CommandLineFixture.run(
            "bench", "--width=2", "--precision=float32", "--threads=1", "--repeats=1", "--json");
    assertThat(ended.exitCode()).isEqualTo(Main.DONE);
    JsonNode root = new ObjectMapper().readTree(ended.out());
    assertThat(root.path("machine").path("cores").asInt()).isPositive();
    assertThat(ended.err()).as("it takes minutes").contains("CLP, first call");
    List<String> quantities = new ArrayList<>();
    for (JsonNode measurement : root.path("measurements")) {
      quantities.add(measurement.path("quantity").asText());
      assertThat(measurement.path("values")).isNotEmpty();
    }
    assertThat(quantities)
        .containsExactly(
            "rate",
            "training on a batch that is there",
            "training with gather, crop and flip",
            "gather, crop and flip, of a step",
            "outside the convolutions, of a step",
            "best convolution or matrix product",
            "training attains of that",
            "evaluation",
            "CLP, first call",
            "CLP",
            "LPP, first call",
            "LPP",
            "until the first batch is evaluated",
            "start, load and commit");
  }

  @ParameterizedTest
  @CsvSource({
    "--width, 0, '--width must be at least 1, got 0'",
    "--threads, 0, '--threads must be at least 1, got 0'",
    "--repeats, -1, '--repeats must be at least 1, got -1'",
    "--precision, float16, expected one of [float32, bfloat16]",
    "--device, tpu, expected one of [cpu, gpu]"
  })
  void saysWhatIsWrong(String option, String value, String message) {
    var ended = CommandLineFixture.run("bench", option, value);
    assertThat(ended.exitCode()).isEqualTo(Main.MISTAKE);
    assertThat(ended.err()).contains(message);
  }
}
