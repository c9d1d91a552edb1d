package io.backdoorgrid.run.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparkLauncherTest {

  @ParameterizedTest
  @CsvSource({
    "2, 1, 2", // one victim has the machine
    "2, 2, 1",
    "2, 50, 1",
    "16, 2, 8",
    "16, 3, 5",
    "1, 1, 1"
  })
  void sharesTheCoresAmongTheVictims(int cores, int victims, int threads) {
    assertThat(SparkLauncher.localThreads(cores, victims, OptionalInt.empty())).isEqualTo(threads);
  }

  @ParameterizedTest
  @CsvSource({"2, 1, 1, 1", "16, 2, 4, 4", "2, 1, 64, 2"})
  void takesTheThreadsThatAreAskedForAsFarAsThereAreCores(
      int cores, int victims, int asked, int threads) {
    assertThat(SparkLauncher.localThreads(cores, victims, OptionalInt.of(asked)))
        .isEqualTo(threads);
  }
}
